"""One choice changed at a time: images of the whitening, and where the thesis and the authors' code differ."""

from __future__ import annotations

from vretlib.chapters.similarity_networks.methods import F64, Cosine, Similarity, all_ap
from vretlib.chapters.similarity_networks.tables import NETWORKS
from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.datasets.landmarks.described import DescribedStudy, describe
from vretlib.datasets.landmarks.training_sets import target_domains
from vretlib.features.backbones import Backbone
from vretlib.models import trained_similarities
from vretlib.models.trained_similarities import SimilarityRecipe
from vretlib.models.training_set import TrainingSet
from vretlib.report import Table
from vretlib.report.means import means


def whitening_sources(study: LandmarkStudy, network: Backbone, *, image_size: int = 1024) -> Table:
    """Mean AP of the cosine of R-MAC, by the images that the whitening was learned on (rows), and without one."""
    sources = [*target_domains(study), *([study.training.name] if study.training else [])]
    values: dict[tuple[str, str], F64] = {}
    for source in ("", *sources):
        described = describe(study, "RMAC", network, image_size=image_size, whitened_on=source or None)
        row = f"learned on {source}" if source else "none"
        values |= {(row, name): found for name, found in all_ap(Cosine(), study, described).items()}
    return means(values, 0.005, "none")


def text_and_code(
    study: LandmarkStudy, described: DescribedStudy, examples: TrainingSet, recipe: SimilarityRecipe
) -> Table:
    """Mean AP of SimNet with one choice changed at a time, where text and authors' code differ.

    The rows about query images are left out where no query image is one of its own positives.
    """
    thesis = trained_similarities.train_simnet(recipe, examples, 0.2)
    rows: dict[str, tuple[Similarity, bool]] = {
        "thesis: target is cosine ± ∆": (thesis, True),
        "authors: target is (2 cosine − 1) ± ∆": (
            trained_similarities.train_simnet(recipe, examples, 0.2, rule="authors"),
            True,
        ),
        "authors: query images not in the database": (thesis, False),
        "cosine": (Cosine(), True),
        "cosine, query images not in the database": (Cosine(), False),
    }
    itself_counts = any(collection.itself_counts for collection in study.evaluation.values())
    values = {
        (row, name): found
        for row, (scored, inside) in rows.items()
        if inside or itself_counts
        for name, found in all_ap(scored, study, described, query_in_database=inside).items()
    }
    return means(values, NETWORKS, "cosine")
