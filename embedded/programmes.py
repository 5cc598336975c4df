"""Films and channels in a small format, which are cut into clips, and stills of what they show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from embedded import cutting, places, screenplay, stills
from embedded.newscast import channel
from embedded.newscast.channel import Brief
from embedded.scene import Grade
from embedded.screenplay import Script
from embedded.setup import Setup, Shot

WIDTH, HEIGHT, FPS = 320, 180, 12

SECONDS = (8.0, 12.0)
TRAINING_SECONDS = (3.0, 5.0)
"""Lengths of the training clips in seconds, as those of LSMDC."""

PACE = 1.5
"""Factor on the length of shots in the films of notebook 05, so that a clip holds about three shots."""

NOT_QUERIED = ("title", "credits", "empty", "wide")
"""Kinds of shots that no query shows, because they show nothing that belongs to one story or place."""

CONTENTS = "contents.json"
"""File beside the clips and stills of a film or channel: their names, in order, and the footage of each still."""


@dataclass(frozen=True)
class Feature:
    """A film to cut: its script, the pace of its shots, the lengths of its clips, and whether it gives stills."""

    script: Script
    pace: float
    seconds: tuple[float, float]
    with_stills: bool


def small(script: Script) -> Feature:
    """A film of notebook 05 in the format of these clips, brightened if it is as dark as Night Ferry."""
    grade = replace(script.grade, exposure=max(0.75, script.grade.exposure))
    return Feature(replace(script, width=WIDTH, height=HEIGHT, fps=FPS, grade=grade), PACE, SECONDS, True)


def films_for_training(seed: int, n_films: int, n_clips: int) -> list[Feature]:
    """Training films, whose places, people and lights are in no other film."""
    made = []
    seconds = -(-n_clips // n_films) * TRAINING_SECONDS[1] + 8.0
    for number in range(n_films if n_clips else 0):
        rng = np.random.Generator(np.random.PCG64([seed, number, 21]))
        a, b, c = (str(name) for name in rng.permutation(sorted(places.PAINTERS))[:3])
        grade = Grade(float(rng.uniform(0.7, 1.1)), 1.0, (1.0, 1.0, 1.0), float(rng.uniform(0.6, 1.0)))
        script = Script(
            f"Lesson {number + 1}", WIDTH, HEIGHT, FPS, (a, b, c), grade, seconds / PACE, seed, 100 + number
        )
        made.append(Feature(script, PACE, TRAINING_SECONDS, False))
    return made


def make_film(source: Feature, out: Path) -> None:
    """The clips of a film, and stills if they are wanted, into the folder ``out``."""
    script = source.script
    shots = [
        replace(
            shot, n_frames=round(shot.n_frames * source.pace), begin=shot.begin * source.pace,
            blend=round(shot.blend * source.pace) // 2 * 2,
        )
        for shot in screenplay.shots(script)
    ]  # fmt: skip
    rng = np.random.Generator(np.random.PCG64([script.seed, script.number, 22]))

    def footage(setup: Setup) -> str:
        return f"{script.title}/{setup.number}"

    stems = cutting.make(out, _slug(script.title), script, shots, footage, rng, source.seconds)
    taken = _take_stills(out, _slug(script.title), shots, footage, script, rng) if source.with_stills else []
    (out / CONTENTS).write_text(json.dumps({"clips": stems, "stills": taken}, indent=1), encoding="utf-8")


def make_channel(source: Brief, out: Path) -> None:
    """The clips of all editions of a channel, and stills of its footage, into the folder ``out``."""
    rng = np.random.Generator(np.random.PCG64([source.seed, source.number, 23]))
    stems: list[str] = []
    shots: list[Shot] = []
    scripts = []

    def footage(setup: Setup) -> str:
        return f"{source.name}/{setup.number}"

    for number, edition in enumerate(channel.editions(source)):
        title = f"{source.name}, edition {number + 1}"
        script = Script(
            title, source.width, source.height, source.fps, ("", "", ""), Grade(), 0.0, source.seed,
            1000 + 100 * source.number + number,
        )  # fmt: skip
        scripts.append(script)
        stems += cutting.make(out, _slug(f"{source.name} {number + 1}"), script, edition, footage, rng, SECONDS)
        shots += edition
    taken = _take_stills(out, _slug(source.name), shots, footage, scripts[0], rng)
    (out / CONTENTS).write_text(json.dumps({"clips": stems, "stills": taken}, indent=1), encoding="utf-8")


def _take_stills(
    out: Path, name: str, shots: Sequence[Shot], footage: cutting.Footage, script: Script, rng: Generator
) -> list[dict[str, Any]]:
    """One still of each footage that a query may show, from a moment of one of its shots or just beside it."""
    by_footage: dict[str, list[Shot]] = {}
    for shot in shots:
        if shot.setup.kind not in (*NOT_QUERIED, "intro"):
            by_footage.setdefault(footage(shot.setup), []).append(shot)
    taken = []
    for number, (called, shown) in enumerate(by_footage.items()):
        shot = shown[int(rng.integers(len(shown)))]
        share = float(rng.uniform(0.1, 0.9))
        t = shot.begin + share * shot.n_frames / script.fps + float(rng.uniform(-0.7, 0.7))
        data = stills.still(shot.setup, (script.width, script.height), t, share, stills.Range(), rng)
        file = f"{name}_still_{number:03d}.jpg"
        (out / file).write_bytes(data)
        taken.append({"file": file, "footage": called, "kind": shot.setup.kind})
    return taken


def _slug(title: str) -> str:
    return title.lower().replace(",", "").replace(" ", "_")
