"""SimNet B between Oxford5k's 55 queries and 5,000 images: time per pair, and the share of matrix products in it.

The first layer is linear in the concatenation, so each half is computed once per item; the other layers process pairs.
Three things are timed in turns, some queries at a time: scoring all pairs, the matrix products of the other layers
alone (the same shapes), and scoring concatenated pairs, the obvious version.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from benchmarks import Goal, Options, Row
from vretlib.models.simnet import ARCHITECTURES, SimNet

SPEED = "SimNet B, d = 512: time per pair"
AGREEMENT = "SimNet B: largest difference from concatenated pairs"
D, N_QUERIES = 512, 55
THESIS_MICROSECONDS = 1250  # section 3.3.2, for a pair of images

OURS, PRODUCTS = "vretlib: first layer once per item", "matrix products of the other layers alone"
CONCATENATED = "concatenated pairs"


def run(options: Options) -> list[Row]:
    """Times per pair of each method. The fastest turn counts, because all turns do the same amount of work."""
    n_images, n_turns = (40, 5) if options.quick else (5000, 5)
    torch.set_num_threads(options.threads)
    generator = torch.Generator().manual_seed(options.seed)
    net = SimNet(D, ARCHITECTURES["B"], generator=generator)
    xq, xb = (normalize(torch.randn(n, D, generator=generator)) for n in (N_QUERIES, n_images))
    methods: dict[str, Callable[[Tensor], Any]] = {
        OURS: lambda queries: net.scores(queries, xb),
        PRODUCTS: _products(net, xq[: N_QUERIES // n_turns], xb),
        CONCATENATED: lambda queries: _concatenated(net, queries, xb),
    }
    spent: dict[str, list[float]] = {name: [] for name in methods}
    difference = 0.0
    with torch.inference_mode():
        for queries in (xq[:1], *xq.chunk(n_turns)):  # the first warms up and is left out
            answers = {}
            for name, work in methods.items():
                started = time.perf_counter()
                answers[name] = work(queries)
                spent[name].append(time.perf_counter() - started)
            largest = np.abs(answers[OURS] - answers[CONCATENATED]).max()
            difference = max(difference, float(largest / np.std(answers[CONCATENATED])))
    n_pairs = n_images * N_QUERIES // n_turns
    each = {name: 1e6 * min(seconds[1:]) / n_pairs for name, seconds in spent.items()}
    goals = {
        OURS: Goal(0.9, each[PRODUCTS] / each[OURS], "at least 0.9 of the rate of the products alone"),
        CONCATENATED: Goal(1.0, each[CONCATENATED] / each[OURS], "slower than the first layer once per item"),
    }
    settings: dict[str, float | int | str] = {
        "queries": N_QUERIES, "images": n_images, "threads": options.threads,
        "million multiply-adds per pair": (net.n_parameters - 2 * D * net.widths[0]) / 1e6,
        "GFLOP/s of the products": 2e-9 * net.others[0].weight.numel() / (1e-6 * each[PRODUCTS]),
    }  # fmt: skip
    rows = [Row(SPEED, name, value, "µs", settings, goals.get(name)) for name, value in each.items()]
    beside = Goal(THESIS_MICROSECONDS, each[OURS], "at most the thesis' 1.25 ms", at_most=True)
    rows.append(Row(SPEED, "thesis, published", THESIS_MICROSECONDS, "µs", {}, beside))
    agree = Goal(1e-5, difference, "at most 1e-5 of the standard deviation σ of the scores", at_most=True)
    return [*rows, Row(AGREEMENT, OURS, 1e9 * difference, "1e-9 σ", settings, agree)]


def _products(net: SimNet, queries: Tensor, xb: Tensor) -> Callable[[Tensor], None]:
    """The products that follow the first layer, on blocks of as many pairs as `SimNet.scores` uses."""
    rows: list[int] = []
    hook = net.others[0].register_forward_hook(lambda _, inputs, __: rows.append(len(inputs[0])))
    net.scores(queries, xb)
    hook.remove()
    block = torch.rand(max(rows), net.widths[0])

    def multiply(_: Tensor) -> None:
        for n in rows:
            hidden = block[:n]
            for layer in net.others:
                hidden = hidden @ layer.weight.T

    return multiply


def _concatenated(net: SimNet, queries: Tensor, xb: Tensor) -> np.ndarray:
    """One row of the network's input for each pair."""
    scores = [net(query.expand(len(xb), -1), xb) for query in queries]
    return torch.stack(scores).numpy()
