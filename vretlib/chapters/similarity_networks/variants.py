"""One choice changed at a time: images of the whitening, and where the thesis and the authors' code differ."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vretlib.chapters.similarity_networks.methods import Cosine, Similarity, maps, mean_ap
from vretlib.chapters.similarity_networks.tables import NETWORKS
from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.datasets.landmarks.described import DescribedStudy, describe
from vretlib.datasets.landmarks.training_sets import target_domains
from vretlib.evaluation.methods import Variant, compare
from vretlib.features.backbones import Backbone
from vretlib.models import trained_similarities
from vretlib.models.trained_similarities import SimilarityRecipe
from vretlib.models.training_set import TrainingSet
from vretlib.report import Check, Table


def whitening_sources(study: LandmarkStudy, network: Backbone, *, image_size: int = 1024) -> pd.DataFrame:
    """Mean AP of the cosine of R-MAC, by the images that the whitening was learned on (rows)."""
    rows = []
    for source in [*target_domains(study), *([study.training.name] if study.training else [])]:
        described = describe(study, "RMAC", network, image_size=image_size, whitened_on=source)
        rows.append(Variant(f"learned on {source}", partial(maps, Cosine(), study, described)))
    return compare(rows)


def text_and_code(
    study: LandmarkStudy, described: DescribedStudy, examples: TrainingSet, recipe: SimilarityRecipe
) -> Table:
    """Mean AP of SimNet with one choice changed at a time, where text and authors' code differ.

    The rows about query images are left out where no query image is one of its own positives.
    """
    thesis = trained_similarities.train_simnet(recipe, examples, 0.2)
    authors = trained_similarities.train_simnet(recipe, examples, 0.2, rule="authors")

    def without_queries(scored: Similarity) -> dict[str, float]:
        every = study.evaluation
        return {name: mean_ap(scored, study, described, name, query_in_database=False).value for name in every}

    rows = [
        Variant("thesis: target is cosine ± ∆", partial(maps, thesis, study, described)),
        Variant("authors: target is (2 cosine − 1) ± ∆", partial(maps, authors, study, described)),
        Variant("authors: query images not in the database", partial(without_queries, thesis)),
        Variant("cosine", partial(maps, Cosine(), study, described)),
        Variant("cosine, query images not in the database", partial(without_queries, Cosine())),
    ]
    itself_counts = any(collection.itself_counts for collection in study.evaluation.values())
    frame = compare(row for row in rows if itself_counts or "not in the database" not in row.name)
    return Table(frame, checks=[Check(frame, NETWORKS)])
