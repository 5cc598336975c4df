"""The temporal encoder of chapter 6 over 10,000 shots of up to 50 frames: packed batches and one shot at a time.

Sizes are the thesis': 512 dimensions, a state of 512, at most 50 frames. All lengths from 1 to 50 are equally likely.
One shot at a time is timed on some of the shots and scaled up by their share of the frames.
"""

import numpy as np
import torch

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from vretlib.models.temporal_encoder import MOST_FRAMES, RecurrentCell, TemporalEncoder

SUBJECT = "temporal encoder, 10,000 shots"
CELLS: tuple[RecurrentCell, ...] = ("lstm", "gru")


def run(options: Options) -> list[Row]:
    """Seconds of each cell in both ways, and the largest difference between their results."""
    torch.set_num_threads(options.threads)
    n, some, d = (200, 20, 64) if options.quick else (10_000, 400, 512)
    rng = np.random.default_rng(options.seed)
    length = rng.integers(1, MOST_FRAMES + 1, n)
    stops = np.cumsum(length)
    shots = np.stack([stops - length, stops], axis=1)
    x = rng.normal(size=(int(stops[-1]), d)).astype(np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    settings: dict[str, float | int | str] = {"shots": n, "frames": len(x), "d": d, "threads": options.threads}
    rows = []
    for cell in CELLS:
        encoder = TemporalEncoder(cell, d=d, hidden=d, generator=torch.Generator().manual_seed(options.seed)).eval()
        parts = [(x[start:stop], [[0, stop - start]]) for start, stop in shots[:some]]
        alone = [encoder.encode(*part) for part in parts]
        difference = float(np.abs(encoder.encode(x, shots[:some]) - np.concatenate(alone)).max())
        together, single = in_turns(
            [
                lambda encoder=encoder: encoder.encode(x, shots),  # type: ignore[misc]
                lambda encoder=encoder, parts=parts: [encoder.encode(*part) for part in parts],  # type: ignore[misc]
            ],
            1 if options.quick else 2,
        )
        single *= len(x) / int(stops[some - 1])
        faster = Goal(5, single / together, f"{cell.upper()}: at least 5 times one shot at a time")
        equal = Goal(1e-5, difference, "largest difference to one shot at a time", at_most=True)
        rows += [
            Row(SUBJECT, f"{cell.upper()}, packed (vretlib)", together, "s", settings, faster),
            Row(SUBJECT, f"{cell.upper()}, one shot at a time", single, "s", {**settings, "timed on": some}),
            Row("difference to one shot at a time", cell.upper(), 1e9 * difference, "billionths", settings, equal),
        ]
    return rows
