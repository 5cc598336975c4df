"""Chapter 7 at the size of SemArt: ranks in both directions and training steps of CML, beside their products."""

import resource
import time
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch.nn.functional import normalize

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from vretlib.evaluation import cross_modal
from vretlib.models.cross_modal import CrossModal, Samples
from vretlib.models.cross_modal_training import CrossModalRecipe, fit
from vretlib.models.optimisation import Settings
from vretlib.models.temporal_training import Adam
from vretlib.models.text_encoders import Bag

OURS, PRODUCTS = "vretlib", "the matrix products alone"
ONE = "one matrix product, which both directions share"
ALL_WEIGHTS = "torch's Adam over all weights"
N_SAMPLES, N_SMALL = 21_384, 1_000
DIMS, BATCH = 128, 32


@dataclass(frozen=True)
class TimedSizes:
    """Dimensions of image vectors; of comments and titles, how many words there are and the mean number in a text."""

    image: int
    words: tuple[int, int]
    in_a_text: tuple[float, float]


SIZES = {
    "SemArt": TimedSizes(1000, (9_708, 9_092), (60, 4.4)),
    "embedded paintings": TimedSizes(120, (1_100, 900), (57, 4)),
}
"""SemArt: words of the published vocabulary and of the thesis, and texts as long as those of its validation table."""

F32 = NDArray[np.float32]


def run(options: Options) -> list[Row]:
    """Seconds of a ranking in both directions with its memory, and training steps a second."""
    return _ranking(options) + _training(options)


def _ranking(options: Options) -> list[Row]:
    n = N_SMALL if options.quick else N_SAMPLES
    rng = np.random.default_rng(options.seed)
    texts, images = (_unit(rng.normal(size=(n, DIMS)).astype(np.float32)) for _ in range(2))
    found = cross_modal.both(texts[:N_SMALL], images[:N_SMALL])
    order = np.argsort(-(texts[:N_SMALL] @ images[:N_SMALL].T), axis=1, kind="stable")
    equal = (np.argmax(order == np.arange(N_SMALL)[:, None], axis=1) + 1 == found.text_to_image).mean()
    size = max(1, (1 << 23) // n)
    room = np.empty((size, n), np.float32)

    def product(x: F32, y: F32) -> None:
        for start in range(0, n, size):
            block = x[start : start + size]
            np.matmul(block, y.T, out=room[: len(block)])

    def products() -> None:
        product(texts, images)
        product(images, texts)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cross_modal.both(texts, images)
    mebibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    works = [lambda: cross_modal.both(texts, images), products, lambda: product(texts, images)]
    ours, alone, one = in_turns(works, 1 if options.quick else 5)
    subject = f"ranks of {n:,} × {n:,} projections of {DIMS}, both directions"
    settings: dict[str, float | int | str] = {"equal to the full sort": float(equal), "seed": options.seed}
    goal = Goal(0.8, alone / ours, "at least 0.8 of the speed of the two matrix products alone")
    memory = Goal(1024, mebibytes, "at most 1 GiB beside the projections", at_most=True)
    return [
        Row(subject, OURS, 1000 * ours, "ms", settings, goal),
        Row(subject, PRODUCTS, 1000 * alone, "ms", settings),
        Row(subject, ONE, 1000 * one, "ms", settings),
        Row(f"memory of {subject}", OURS, mebibytes, "MiB", settings, memory),
    ]


def _training(options: Options) -> list[Row]:
    return [row for name, size in SIZES.items() for row in _steps(options, name, size)]


def _steps(options: Options, name: str, size: TimedSizes) -> list[Row]:
    n, steps = (200, 5) if options.quick else (4000, 200)
    rng = np.random.default_rng(options.seed)
    texts = [Bag(_bags(n, words, mean, rng)) for words, mean in zip(size.words, size.in_a_text, strict=True)]
    samples = Samples(rng.normal(size=(n, size.image)), *texts)
    few = Samples(samples.images[:2], *(Bag(text.x[:2]) for text in texts))
    recipes = [kind(steps, batch_size=BATCH, validations=1) for kind in (CrossModalRecipe, _AllWeights)]
    lazy, dense = (partial(_fit, samples, few, recipe, options.seed) for recipe in recipes)
    weights = [torch.from_numpy(rng.normal(size=(DIMS, d)).astype(np.float32)) for d in (size.image, sum(size.words))]
    sides = [torch.from_numpy(rng.random((BATCH, w.shape[1]), np.float32)) for w in weights]
    gradients = [torch.from_numpy(rng.random((BATCH, DIMS), np.float32)) for _ in weights]

    def products() -> None:
        for _ in range(steps):
            for x, w, g in zip(sides, weights, gradients, strict=True):
                normalize(torch.tanh(x @ w.T))
                g.T @ x

    rounds = 1 if options.quick else 5
    spent, alone, all_weights = (x / steps for x in in_turns([lazy, products, dense], rounds, time.process_time))
    subject = f"CML training on stored vectors, batches of {BATCH}, {name}"
    settings: dict[str, float | int | str] = {"image": size.image, "words": sum(size.words), "seed": options.seed}
    goal = Goal(0.7, alone / spent, "at least 0.7 of the steps with the dense matrix products alone")
    return [
        Row(subject, OURS, 1e6 * spent, "µs of CPU a step", settings, goal),
        Row(subject, PRODUCTS, 1e6 * alone, "µs of CPU a step", settings),
        Row(subject, ALL_WEIGHTS, 1e6 * all_weights, "µs of CPU a step", settings),
    ]


class _AllWeights(CrossModalRecipe):
    """With torch's Adam, whose steps move every weight."""

    def settings(self) -> Settings:
        return Adam(self.learning_rate, self.batch_size)


def _fit(samples: Samples, few: Samples, recipe: CrossModalRecipe, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    fit(CrossModal(samples, generator=generator, dims=DIMS), samples, few, recipe, generator=generator)


def _bags(n: int, words: int, mean: float, rng: np.random.Generator) -> sparse.csr_array:
    """``n`` texts with ``mean`` words on average, whose counts follow Zipf's law."""
    often = 1 / np.arange(1, words + 1)
    lengths = 1 + rng.poisson(mean - 1, n)
    columns = rng.choice(words, lengths.sum(), p=often / often.sum())
    x = sparse.csr_array((np.ones(len(columns)), columns, np.cumsum([0, *lengths])), shape=(n, words))
    x.sum_duplicates()
    return sparse.csr_array(sparse.diags_array(1 / np.sqrt(x.multiply(x).sum(axis=1))) @ x)


def _unit(x: F32) -> F32:
    return x / np.linalg.norm(x, axis=1, keepdims=True)
