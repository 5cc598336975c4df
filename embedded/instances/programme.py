"""The plan of the objects in the shots of each film, and the key frames of a film."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from numpy.random import PCG64, Generator

from embedded import film, screenplay
from embedded.instances import HOME, SIZE, prints
from embedded.instances.dressing import Dressed, VisibleBox, dress
from embedded.instances.objects import KINDS, SmallObject, seen, small_object
from embedded.landmarks.style import pick, span
from embedded.scene import Grade
from embedded.scenes.sprites import Sprite
from embedded.setup import Setup
from embedded.texture import Noise

FILMS = 8
CONFUSERS = 3
"""Objects of each kind, in the colours of those that are searched for, that no query shows."""
MIN_VISIBLE, CLEAR, ASKED = 0.05, 0.25, 0.6
"""Visible shares: below the first an object counts as unseen; below the second the frame is ignored (junk); a query
shows at least the third."""
NARROWEST = 40
"""Smallest width and height, in pixels, of the box of a query."""
_USABLE = ("two-shot", "pan", "zoom", "tracking", "detail")
_TRIES = 30


@dataclass(frozen=True)
class ProgrammeSizes:
    """Numbers of objects, of each one's shots and queries, of further shots, and of key frames in a shot."""

    instances: int = 20
    shots: int = 5
    queries: int = 4
    others: int = 75
    frames: int = 3


@dataclass(frozen=True)
class PlannedShot:
    """A shot: its number among those of its film, the objects that are searched for in it, whether it is a query's."""

    number: int
    instances: tuple[str, ...]
    query: bool


@dataclass(frozen=True, eq=False)
class KeyFrame:
    """A key frame as JPEG: the shot it is from, and where objects that are searched for are seen."""

    jpeg: bytes
    shot: PlannedShot
    seen: dict[str, VisibleBox]


def generator(seed: int, *words: object) -> Generator:
    """The random generator of a seed and words; other words give an unrelated one."""
    name = "/".join(str(word) for word in (seed, "instances", *words))
    return Generator(PCG64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "little")))


def names(n: int) -> tuple[str, ...]:
    """Names of the objects that are searched for, kinds in turn: ``package_1``, ``book_1`` and so on."""
    return tuple(f"{KINDS[k % len(KINDS)]}_{k // len(KINDS) + 1}" for k in range(n))


@lru_cache(maxsize=2)
def objects(seed: int, n: int) -> dict[str, SmallObject]:
    """All objects by name: those that are searched for, and the confusers, such as ``package_other_1``.

    Objects of a kind have the same colours, in other patterns and emblems, with other words.
    """
    noise = Noise(generator(seed, "noise"))
    colours = {kind: prints.palette(generator(seed, kind)) for kind in KINDS}
    wanted = (*names(n), *(f"{kind}_other_{k + 1}" for kind in KINDS for k in range(CONFUSERS)))
    made = {}
    for name in wanted:
        rng, kind = generator(seed, name), name.split("_")[0]
        made[name] = small_object(rng, noise, kind, name, prints.design(rng, colours[kind]))
    return made


def plan(seed: int, sizes: ProgrammeSizes) -> dict[int, list[PlannedShot]]:
    """The shots of each film: one or two objects in a shot, or none; queries have shots of their own."""
    rng = generator(seed, "plan")
    wanted: dict[int, list[str]] = {number: [] for number in range(FILMS)}
    asked: dict[int, list[str]] = {number: [] for number in range(FILMS)}
    for k, name in enumerate(names(sizes.instances)):
        for shelf, n in ((wanted, sizes.shots), (asked, sizes.queries)):
            for _ in range(n):
                shelf[k % FILMS if rng.random() < HOME else int(rng.integers(FILMS))].append(name)
    planned: dict[int, list[PlannedShot]] = {}
    for number, listed in wanted.items():
        left = [listed[k] for k in rng.permutation(len(listed)).tolist()]
        groups: list[tuple[str, ...]] = []
        while left:
            first = left.pop()
            fits = left and left[-1] != first and rng.random() < 0.4
            groups.append((first, left.pop()) if fits else (first,))
        groups += [()] * (sizes.others // FILMS + (number < sizes.others % FILMS))
        queries = [(name,) for name in asked[number]]
        planned[number] = [PlannedShot(k, group, k >= len(groups)) for k, group in enumerate((*groups, *queries))]
    return planned


def key_frames(seed: int, number: int, sizes: ProgrammeSizes) -> Iterator[KeyFrame]:
    """The key frames of a film, shot by shot; a query's shot gives one."""
    setups, grade = _setups(seed, number)
    for shot in plan(seed, sizes)[number]:
        rng = generator(seed, "film", number, shot.number)
        for attempt in range(_TRIES):
            dressed = _dressed(pick(rng, setups), shot, seed, sizes, grade, rng)
            t = span(rng, 0.0, 40.0)
            at = [0.5] if shot.query else [(k + span(rng, 0.2, 0.8)) / sizes.frames for k in range(sizes.frames)]
            frames = [KeyFrame(*_of(dressed, t + 2.0 * progress, progress, rng, shot)) for progress in at]
            if attempt == _TRIES - 1 or _shows(frames, shot):
                break
        yield from frames


def _of(
    dressed: Dressed, t: float, progress: float, rng: Generator, shot: PlannedShot
) -> tuple[bytes, PlannedShot, dict[str, VisibleBox]]:
    jpeg, found = dressed.frame(t, progress, rng)
    return jpeg, shot, {name: where for name, where in found.items() if where.visible >= MIN_VISIBLE}


def _shows(frames: list[KeyFrame], shot: PlannedShot) -> bool:
    """Whether each object of a shot is seen clearly enough in one of its frames."""
    return all(any(name in f.seen and _enough(f.seen[name], shot.query) for f in frames) for name in shot.instances)


def _enough(where: VisibleBox, query: bool) -> bool:
    x1, y1, x2, y2 = where.box
    return where.visible >= ASKED and min(x2 - x1, y2 - y1) + 1 >= NARROWEST if query else where.visible >= CLEAR


def _dressed(
    setup: Setup, shot: PlannedShot, seed: int, sizes: ProgrammeSizes, grade: Grade, rng: Generator
) -> Dressed:
    """A set-up with a shot's objects and one to three confusers, of their kinds first."""
    known = objects(seed, sizes.instances)
    kinds = [known[name].kind for name in shot.instances]
    others = [pick(rng, (*kinds, pick(rng, KINDS))) for _ in range(int(rng.integers(1, 4)))]

    def look(name: str) -> Sprite:
        shown = seen(known[name], rng)
        return replace(shown, picture=grade(shown.picture))

    tracked = [(name, look(name)) for name in shot.instances]
    return dress(setup, tracked, [look(f"{kind}_other_{int(rng.integers(CONFUSERS)) + 1}") for kind in others], rng)


@lru_cache(maxsize=1)
def _setups(seed: int, number: int) -> tuple[tuple[Setup, ...], Grade]:
    """The set-ups of a film that show its places, and its colours, brightened if it is dark."""
    script = film.script(number, seed=seed, seconds=45.0)
    grade = replace(script.grade, exposure=max(0.75, script.grade.exposure))
    script = replace(script, width=SIZE[0], height=SIZE[1], grade=grade, number=300 + number)
    every = {shot.setup.number: shot.setup for shot in screenplay.shots(script)}
    return tuple(setup for setup in every.values() if setup.kind in _USABLE), grade
