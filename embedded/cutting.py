"""Programmes cut into clips at points that do not depend on their shots, each clip with its ground truth beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from numpy.random import Generator

from embedded import film
from embedded.screenplay import Script
from embedded.setup import Setup, Shot

Footage = Callable[[Setup], str]
"""Name of the footage of each set-up, the same in all programmes that show it."""


def lengths(rng: Generator, n_frames: int, fps: int, seconds: tuple[float, float]) -> list[int]:
    """The number of frames of each clip, uniform between two limits in seconds; a rest below the lower one is left."""
    cut: list[int] = []
    while True:
        n = round(fps * float(rng.uniform(*seconds)))
        left = n_frames - sum(cut)
        if left < round(fps * seconds[0]):
            return cut
        cut.append(min(n, left))


def make(
    out: Path, name: str, script: Script, shots: list[Shot], footage: Footage, rng: Generator,
    seconds: tuple[float, float],
) -> list[str]:  # fmt: skip
    """The stems of a programme drawn once, clip after clip, into ``NAME_000.mp4``, ``NAME_000.json`` and so on."""
    planes = film.render(script, shots)
    rows = film.truth(script, shots)["shots"]
    called = [footage(shot.setup) for shot in shots]
    stems, at = [], 0
    for number, n in enumerate(lengths(rng, sum(shot.n_frames for shot in shots), script.fps, seconds)):
        stem = f"{name}_{number:03d}"
        film.encode(out / f"{stem}.mp4", islice(planes, n), script)
        truth = {"programme": script.title, "begin": at / script.fps, "fps": script.fps, "n_frames": n}
        (out / f"{stem}.json").write_text(json.dumps(truth | truth_of(rows, called, at, at + n), indent=1))
        stems.append(stem)
        at += n
    return stems


def truth_of(rows: Sequence[dict[str, Any]], footage: Sequence[str], first: int, stop: int) -> dict[str, Any]:
    """Ground truth of the frames ``first`` to ``stop`` of a programme, in frames from ``first``.

    ``shots`` lie without gap, divided in the middle of dissolves and fades; ``cuts`` are the first frames after hard
    cuts; ``blends`` the half-open ranges of frames in which two shots are mixed or the picture is dimmed.
    """
    shots: list[dict[str, Any]] = []
    cuts: list[int] = []
    blends: list[dict[str, Any]] = []
    for row, name in zip(rows, footage, strict=True):
        a, b = max(first, row["start"]), min(stop, row["stop"])
        if a < b:
            shots.append(
                {"start": a - first, "stop": b - first, "footage": name, "scene": row["scene"], "kind": row["kind"]}
            )
            if row["transition"] == "cut" and a == row["start"] > first:
                cuts.append(a - first)
        c, d = (min(max(at, first), stop) for at in row["transition_frames"])
        if c < d:
            blends.append({"kind": row["transition"], "start": c - first, "stop": d - first})
    return {"shots": shots, "cuts": cuts, "blends": blends}
