"""One choice changed at a time: images of the whitening, and where the thesis and the authors' code differ."""

from __future__ import annotations

from functools import partial

from vretlib.chapters.similarity_networks.methods import F64, Cosine, Similarity, all_ap
from vretlib.chapters.similarity_networks.tables import TOLERANCE
from vretlib.datasets.landmarks import LandmarkStudy, targets
from vretlib.described.landmarks import DescribedStudy, describe
from vretlib.evaluation.methods import Variant, compare
from vretlib.features.backbones import Backbone
from vretlib.models.trained_similarities import SimilarityRecipe, trained_simnet
from vretlib.models.training_set import TrainingSet
from vretlib.report import Table
from vretlib.report.means import means


def whitening_sources(study: LandmarkStudy, network: Backbone, *, image_size: int = 1024) -> Table:
    """Mean AP of the cosine of R-MAC, by the images that the whitening was learned on (rows), and without one."""
    sources = [*targets.target_domains(study), *([study.training.name] if study.training else [])]

    def scores(source: str | None) -> dict[str, F64]:
        return all_ap(Cosine(), study, describe(study, "RMAC", network, image_size=image_size, whitened_on=source))

    rows = {"none": None} | {f"learned on {source}": source for source in sources}
    return means(compare(Variant(row, partial(scores, source)) for row, source in rows.items()), TOLERANCE, "none")


def text_and_code(
    study: LandmarkStudy, described: DescribedStudy, examples: TrainingSet, recipe: SimilarityRecipe
) -> Table:
    """Mean AP of SimNet where text and authors' code differ: the target (rows), and the query images (columns).

    The columns have the query images in the database (as in the ground truth) or left out (as the authors' README
    asks). The cosine is the baseline in each column. If no query image is its own positive, there is only one kind.
    """
    compared: dict[str, Similarity] = {
        "cosine": Cosine(),
        "thesis: target is cosine ± ∆": trained_simnet(recipe, examples, 0.2),
        "authors: target is (2 cosine − 1) ± ∆": trained_simnet(recipe, examples, 0.2, rule="authors"),
    }
    itself_counts = any(collection.itself_counts for collection in study.evaluation.values())
    places = {"with query images": True} | ({"without": False} if itself_counts else {})

    def scores(of: Similarity) -> dict[str, F64]:
        return {
            f"{place}|{name}": found
            for place, inside in places.items()
            for name, found in all_ap(of, study, described, query_in_database=inside).items()
        }

    return means(compare(Variant(row, partial(scores, of)) for row, of in compared.items()), TOLERANCE, "cosine")
