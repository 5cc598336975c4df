"""How steps and learning rates of the deep methods are chosen: by the mAP of held-out training videos.

One rule serves all methods. Every fifth training video of a person is held out. Each method learns from the others,
with the same number of steps and with each rate of the table below. The held-out videos are then queries to a database
of the other training videos. The mAP is that at the end of `learning_curve`, averaged over 12 and 48 bits, with the
first seed. Test videos have no part in it.

On the training videos of the first drawn set, with 3,000 steps, the rates gave this mAP of the held-out videos. The
faces were those of an earlier drawing, in which light, focus and resolution stayed the same within a video; the rates
were kept for those of today:

======== ===== ===== ===== ===== ===== =====
rate     0.001 0.002 0.004 0.008 0.016 0.032
======== ===== ===== ===== ===== ===== =====
DNNH      .699  .708  .714  .705  .672  .676
DSH       .764  .744  .744  .768  .733  .767
HashNet   .636  .627  .627  .637  .607  .604
SSDH      .750  .744  .746  .744  .746  .759
DVC       .684  .691  .667  .707  .639  .535
HVIH      .761  .766  .768  .758  .749  .701
======== ===== ===== ===== ===== ===== =====

With 300 steps, which came before, the same rule had chosen .008 for DNNH, .016 for DSH and SSDH, and .004 for HashNet,
DVC and HVIH, and several methods still rose at the end. After 3,000 steps rates matter less. Two seeds of one method
differ by about .02, so a method keeps its rate unless another is better by more than that: DSH and DVC have .008 now.
(The .02 was set after one of twelve trainings of SSDH at its best rate, .032, had gone wrong.) The rate of the steps
falls to zero at the end, where all curves are nearly flat; a longer schedule may still gain something. The steps were
raised from 300 to 3,000 because several curves still rose; no other number was tried, and test results of both had been
seen.

The two ablations of HVIH in Table II use HVIH's rate. The share of the variance that is added before whitening (0.001,
0.003, 0.01, 0.1) was chosen in the same way for SSDH and HVIH together, in 300 steps and with the features of an
earlier face network.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import torch
from numpy.typing import ArrayLike

from vretlib import arrays
from vretlib.errors import NoExampleError, UserError
from vretlib.evaluation import hamming
from vretlib.models import parallel_trainings
from vretlib.models.hashing import deep_training
from vretlib.models.hashing.deep_training import STEPS, DeepHasher, SecondStage
from vretlib.models.hashing.hash_network import FLOOR
from vretlib.models.hashing.hash_recipe import Frames, HashRecipe
from vretlib.models.hashing.hasher import MOST_BITS
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.models.hashing.stored_frames import StoredFrames
from vretlib.models.training import TrainingLog, Validation
from vretlib.search import packed_codes


def learning_curve(
    objective: str, features: ArrayLike, video: ArrayLike, persons: ArrayLike | None, n_bits: int, seed: int = 0, *,
    steps: int = STEPS, rate: float | None = None, weights: HvihWeights | None = None,
    floor: float = FLOOR, validations: int = 10, second: SecondStage | None = None,
) -> list[tuple[int, float]]:  # fmt: skip
    """Pairs of a step and the mAP of the held-out training videos after it; other arguments as of `train`.

    The steps are evenly spaced, about ``validations`` in number, and as far apart in a second stage. Where distances
    are tied, the mean over all orders is taken, so that equal codes gain nothing from the order of the database. A
    second stage starts from the best of these states of the first. Nothing is kept in the cache.

    Raises
    ------
    UserError: as of `train`; no person with five videos or more.
    """
    frames = StoredFrames.of(features, video, persons)
    apart = frames.videos.held_out()
    if not apart.any():
        raise UserError("no person has five training videos or more; expected some, since every fifth is held out")
    learned, held_out = frames.part(~apart), frames.part(apart)
    method = deep_training.chosen(objective, rate, weights)
    n_bits = arrays.whole(n_bits, "n_bits", 1, MOST_BITS, "bits of a code")
    front = second.front if second else None
    network = deep_training.first_network(learned, method, n_bits, seed, floor=floor, front=front)
    hasher = DeepHasher(objective, n_bits, network, TrainingLog())
    who = [part.videos.names[part.videos.persons] for part in (held_out, learned)]

    def score() -> float:
        xq, xb = (
            packed_codes.pack(hasher.video_bits(part.x, part.video, len(part.videos))) for part in (held_out, learned)
        )
        found = hamming.expected_average_precisions(packed_codes.distances(xq, xb), who[0][:, None] == who[1])
        return float(np.nanmean(found))

    every = max(1, arrays.whole(steps, "steps", 1) // arrays.whole(validations, "validations", 1))
    generator = torch.Generator().manual_seed(seed)
    validation = Validation(score, every, None)
    return deep_training.in_stages(
        network, learned, method, steps, generator, second=second, validation=validation
    ).validation  # fmt: skip


def of_recipe(objective: str, recipe: HashRecipe, learn: Frames, n_bits: int, seed: int) -> list[tuple[int, float]]:
    """The learning curve of a method in the stages of a recipe; names as in `HashRecipe.train`."""
    name, weights = recipe.loss(objective)
    return learning_curve(
        name, recipe.reads(learn), learn.video, learn.persons, n_bits, seed, steps=recipe.steps, weights=weights,
        floor=recipe.floor, second=recipe.second,
    )  # fmt: skip


def of_methods(
    objectives: Mapping[str, str], recipe: HashRecipe, learn: Frames, n_bits: int, seed: int
) -> dict[str, list[tuple[int, float]]]:
    """The learning curves of several methods, by the names that their objectives have; trained in parallel.

    Raises
    ------
    NoExampleError: no person has five videos.
    """
    if np.bincount(learn.persons).max() < 5:
        raise NoExampleError("no person has five training videos, of which every fifth could be held out")
    curve = partial(of_recipe, recipe=recipe, learn=learn, n_bits=n_bits, seed=seed)
    return dict(zip(objectives, parallel_trainings.in_processes(curve, [*objectives.values()]), strict=True))
