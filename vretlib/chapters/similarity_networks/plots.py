"""Pairs of images that the figures of chapter 3 show."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from vretlib import images
from vretlib.chapters.similarity_networks.inputs import LONG, printed
from vretlib.chapters.similarity_networks.methods import Cosine, Similarity
from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.described.landmarks import DescribedStudy
from vretlib.errors import NoExampleError
from vretlib.images import Pixels
from vretlib.models.pairs import Pairs
from vretlib.models.training_set import TrainingSet
from vretlib.plots import sheets, similarities
from vretlib.plots.axes import beside
from vretlib.plots.similarities import QueryPairs
from vretlib.report import Table


def query_pairs(
    study: LandmarkStudy, described: DescribedStudy, scored: Similarity, name: str, *, n: int = 1500, seed: int = 0
) -> QueryPairs:
    """Up to ``n`` matching and ``n`` other pairs of one evaluation set, without junk and the query image itself."""
    collection = study.evaluation[name]
    match = np.zeros((len(collection.queries), len(collection.images)), np.bool_)
    judged = np.ones_like(match)
    for row, (positives, junk) in enumerate(
        zip(collection.positives(query_in_database=False), collection.junk(query_in_database=False), strict=True)
    ):
        match[row, positives], judged[row, junk] = True, False
    rng = np.random.default_rng(seed)
    chosen = [rng.permutation(np.flatnonzero(mask))[:n] for mask in (match & judged, ~match & judged)]
    places = np.concatenate(chosen)
    cosine = Cosine().scores(described.queries[name], described.database[name]).ravel()[places]
    score = scored.scores(described.queries[name], described.database[name]).ravel()[places]
    return QueryPairs(cosine, score, match.ravel()[places])


def difficult_pairs(examples: TrainingSet, found: Pairs, scored: Similarity, n: int = 3) -> Figure:
    """Figure 3.3: of difficult pairs, the ``n`` worst of a similarity, first dissimilar, then similar.

    The two images of a pair are side by side, and no image is shown twice.
    """
    if not found.n:
        raise NoExampleError("there is no pair on which the network is worse than the cosine")
    x, i, j = examples.descriptors, found.i.numpy(), found.j.numpy()
    shown_pairs: list[Pixels] = []
    captions: list[str] = []
    for match, kind in ((False, "different"), (True, "same")):
        mine = np.flatnonzero(found.match.numpy() == match)[:2000]
        scores = np.array([scored.scores(x[i[k]][None], x[j[k]][None])[0, 0] for k in mine])
        cosines = (x[i[mine]] * x[j[mine]]).sum(1)
        shown: set[int] = set()
        for place in np.argsort((cosines - scores) * (-1 if match else 1), kind="stable"):
            pair = (int(i[mine[place]]), int(j[mine[place]]))
            if len(shown) < 2 * n and shown.isdisjoint(pair):
                shown.update(pair)
                a, b = (_of_height(images.read(examples.images[row])) for row in pair)
                shown_pairs.append(beside(a, b, 10))
                captions.append(f"{kind}\ncosine {cosines[place]:.2f}, network {scores[place]:.2f}")
    return sheets.grid(shown_pairs, captions, columns=n)


def map_by_targets(study: LandmarkStudy, figure_3_5: Table) -> Figure:
    """Figure 3.5, whose panels have the names of the collections that were searched."""
    titles = {heading: name for name, heading in printed(study, LONG).items()}
    return similarities.map_by_targets(figure_3_5.frame, figure_3_5.bounds(), titles)


def _of_height(image: Pixels, height: int = 150) -> Pixels:
    return images.resize(image, round(height * max(image.shape[:2]) / image.shape[0]))
