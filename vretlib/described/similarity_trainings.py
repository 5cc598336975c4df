"""The trainings of the similarity networks in ``data/weights``: the drawn landmarks and the settings of notebook 03."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from vretlib.datasets.landmarks import LandmarkStudy, source
from vretlib.datasets.landmarks.targets import target_domains
from vretlib.described import landmarks as landmark_vectors
from vretlib.described.landmark_training import training_sets, with_targets
from vretlib.described.landmarks import DescribedStudy
from vretlib.models import similarities_recipe
from vretlib.models import trained_similarities as trained
from vretlib.models.similarities_recipe import SimilarityTraining
from vretlib.models.simnet import ARCHITECTURES
from vretlib.models.trained_similarities import BEST, MARGINS, SimilarityRecipe
from vretlib.models.training_set import TrainingSet

LANDMARK_SIZES: dict[str, Any] = {"good": 40, "ok": 15, "others": 250}
FEW, TARGETS = 500, 1100
"""The embedded landmarks of notebook 03, and the numbers of target images in its larger training sets."""

LEARNED: dict[str, Any] = {
    "dataset": "embedded", "sizes": LANDMARK_SIZES, "backbone": "vgg16", "weights": "embedded", "image_size": 256,
    "few_targets": FEW, "many_targets": TARGETS, "target_counts": [0, 100, 250, 500],
}  # fmt: skip
"""The parameters of notebook 03 that say what the networks learn from."""

RECIPE = SimilarityRecipe(
    width=384, optimiser="one-cycle", batch_size=200, warm_up_steps=1000, steps=400, refine_steps=400, n_pairs=60_000,
    n_images=400, n_difficult=20_000, n_triplets=100_000,
)  # fmt: skip
"""Its settings."""

N_SEEDS = 3
"""Trainings of the last row of Table 3.2 on its largest set."""


def networks(out: Path, *, seed: int) -> Path:
    """The file of all networks that notebook 03 shows with one seed."""
    study, recipe = source.load("embedded", seed=seed, **LANDMARK_SIZES), replace(RECIPE, seed=seed)
    found = landmark_vectors.networks(LEARNED["backbone"], LEARNED["weights"])
    trainings: list[SimilarityTraining] = []
    for feature, network in sorted(found.items(), key=lambda item: item[0] != "RMAC"):  # whose sets come first
        described = landmark_vectors.describe(study, feature, network, image_size=LEARNED["image_size"])
        sets = training_sets(study, described, few=FEW, many=TARGETS, seed=seed)
        extra = sets["LANDMARKS-EXTRA"]
        if feature == "RMAC":
            trainings += _table_3_1(recipe, described.d)
            trainings += [one for examples in sets.values() for one in _table_3_2(recipe, examples)]
            trainings += _variants(recipe, extra)
            trainings += _figure_3_5(recipe, study, described)
        else:
            trainings += [_simnet(recipe, extra), _star(recipe, extra)]
    return similarities_recipe.train(trainings, out, data=LEARNED | {"seed": seed})


def _table_3_1(recipe: SimilarityRecipe, d: int) -> list[SimilarityTraining]:
    return [SimilarityTraining(recipe, None, partial(trained.warmed_up, recipe, d, name)) for name in ARCHITECTURES]


def _table_3_2(recipe: SimilarityRecipe, examples: TrainingSet) -> list[SimilarityTraining]:
    linear = SimilarityTraining(recipe, examples, partial(trained.trained_linear, recipe, examples))
    return [linear, _simnet(recipe, examples), *(_star(recipe, examples, margin) for margin in MARGINS)]


def _variants(recipe: SimilarityRecipe, extra: TrainingSet) -> list[SimilarityTraining]:
    """Other seeds, twice the steps, and the authors' target."""
    seeds = [replace(recipe, seed=recipe.seed + k) for k in range(1, N_SEEDS)]
    twice = replace(recipe, steps=2 * recipe.steps, refine_steps=2 * recipe.refine_steps)
    return [*(_star(one, extra) for one in (*seeds, twice)), _simnet(recipe, extra, "authors")]


def _figure_3_5(recipe: SimilarityRecipe, study: LandmarkStudy, described: DescribedStudy) -> list[SimilarityTraining]:
    counts = [n for n in LEARNED["target_counts"] if n]  # without target images, the set is LANDMARKS
    return [
        _star(recipe, with_targets(study, described, {domain: n}, name=f"{n} of {domain}", seed=recipe.seed))
        for domain in target_domains(study) for n in counts
    ]  # fmt: skip


def _simnet(recipe: SimilarityRecipe, examples: TrainingSet, rule: str = "thesis") -> SimilarityTraining:
    return SimilarityTraining(recipe, examples, partial(trained.trained_simnet, recipe, examples, MARGINS[0], rule))


def _star(recipe: SimilarityRecipe, examples: TrainingSet, margin: float = BEST) -> SimilarityTraining:
    return SimilarityTraining(recipe, examples, partial(trained.trained_simnet_star, recipe, examples, margin))
