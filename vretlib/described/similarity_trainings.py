"""The trainings of the similarity networks in ``data/weights``: the drawn landmarks and the settings of notebook 03."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from vretlib.datasets.landmarks import source
from vretlib.datasets.landmarks.targets import target_domains
from vretlib.described import landmarks as landmark_vectors
from vretlib.described.landmark_training import training_sets, with_targets
from vretlib.models import similarities_recipe
from vretlib.models import trained_similarities as trained
from vretlib.models.similarities_recipe import Job
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
    study = source.load("embedded", seed=seed, **LANDMARK_SIZES)
    recipe, jobs = replace(RECIPE, seed=seed), list[Job]()
    found = landmark_vectors.networks(LEARNED["backbone"], LEARNED["weights"])
    for feature, network in sorted(found.items(), key=lambda item: item[0] != "RMAC"):  # whose sets come first
        described = landmark_vectors.describe(study, feature, network, image_size=LEARNED["image_size"])
        sets = training_sets(study, described, few=FEW, many=TARGETS, seed=seed)
        extra = sets["LANDMARKS-EXTRA"]
        if feature == "RMAC":
            warm = [Job(recipe, None, partial(trained.warmed_up, recipe, described.d, name)) for name in ARCHITECTURES]
            jobs += warm + [job for examples in sets.values() for job in _of_set(recipe, examples)]
            others = [replace(recipe, seed=seed + k) for k in range(1, N_SEEDS)]
            twice = replace(recipe, steps=2 * recipe.steps, refine_steps=2 * recipe.refine_steps)
            jobs += [
                Job(one, extra, partial(trained.trained_simnet_star, one, extra, BEST)) for one in (*others, twice)
            ]
            jobs.append(Job(recipe, extra, partial(trained.trained_simnet, recipe, extra, MARGINS[0], "authors")))
            for domain in target_domains(study):
                for n in filter(None, LEARNED["target_counts"]):  # without any, the set is LANDMARKS
                    few = with_targets(study, described, {domain: n}, name=f"{n} of {domain}", seed=seed)
                    jobs.append(Job(recipe, few, partial(trained.trained_simnet_star, recipe, few, BEST)))
        else:
            jobs += [
                Job(recipe, extra, partial(trained.trained_simnet, recipe, extra, MARGINS[0])),
                Job(recipe, extra, partial(trained.trained_simnet_star, recipe, extra, BEST)),
            ]
    return similarities_recipe.train(jobs, out, data=LEARNED | {"seed": seed})


def _of_set(recipe: SimilarityRecipe, examples: TrainingSet) -> list[Job]:
    """The networks of Table 3.2 that learn from one set."""
    of = partial(Job, recipe, examples)
    stars = [of(partial(trained.trained_simnet_star, recipe, examples, margin)) for margin in MARGINS]
    return [
        of(partial(trained.trained_linear, recipe, examples, MARGINS[0])),
        of(partial(trained.trained_simnet, recipe, examples, MARGINS[0])),
        *stars,
    ]
