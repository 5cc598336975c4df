"""Chapter 7 at the size of SemArt: ranks in both directions and training steps of CML, beside their products."""

import resource

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from vretlib.evaluation import cross_modal
from vretlib.models.cross_modal import CrossModal, Samples, cml_loss
from vretlib.models.cross_modal_training import draw_pairs
from vretlib.models.text_encoders import Bag

OURS, PRODUCTS = "vretlib", "the matrix products alone"
ONE = "one matrix product, which both directions share"
UPDATES = "Adam's updates alone"
N_SAMPLES, N_SMALL = 21_384, 1_000
DIMS, N_IMAGE, N_WORDS, BATCH = 128, 1000, 3000, 32

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
    n, steps = (200, 5) if options.quick else (4000, 200)
    rng = np.random.default_rng(options.seed)
    samples = Samples(
        rng.normal(size=(n, N_IMAGE)), Bag(rng.random((n, N_WORDS), np.float32)), Bag(rng.random((n, 8), np.float32))
    )
    generator = torch.Generator().manual_seed(options.seed)
    network = CrossModal(samples, generator=generator, dims=DIMS)
    network.train()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)
    images = torch.from_numpy(samples.images)
    weights = [p.detach().clone() for p in network.parameters() if p.ndim > 1]
    rows = [rng.integers(n, size=BATCH) for _ in range(steps)]

    def ours() -> None:
        for texts in rows:
            pairs = draw_pairs(texts, n, generator)
            image = network.project_images(images[torch.from_numpy(pairs.images)])
            text = network.project_texts(samples, pairs.texts)
            optimiser.zero_grad()
            cml_loss(image.vectors, text.vectors, torch.from_numpy(pairs.y)).backward()
            optimiser.step()

    sides = [torch.from_numpy(rng.random((BATCH, w.shape[1]), np.float32)) for w in weights]
    gradients = [torch.from_numpy(rng.random((BATCH, DIMS), np.float32)) for _ in weights]

    def products() -> None:
        for _ in rows:
            for x, w, g in zip(sides, weights, gradients, strict=True):
                normalize(torch.tanh(x @ w.T))
                g.T @ x

    def adam() -> None:
        for _ in rows:
            optimiser.step()

    spent, alone, updates = in_turns([ours, products, adam], 1 if options.quick else 5)
    subject = f"CML training on stored vectors, batches of {BATCH}"
    settings: dict[str, float | int | str] = {"image": N_IMAGE, "words": N_WORDS, "seed": options.seed}
    goal = Goal(0.7, alone / spent, "at least 0.7 of the steps with the matrix products alone")
    return [
        Row(subject, OURS, steps / spent, "steps/s", settings, goal),
        Row(subject, PRODUCTS, steps / alone, "steps/s", settings),
        Row(subject, UPDATES, steps / updates, "steps/s", settings),
    ]


def _unit(x: F32) -> F32:
    return x / np.linalg.norm(x, axis=1, keepdims=True)
