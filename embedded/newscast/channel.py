"""A news channel: its studio, its presenters, its stories, and the editions that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.random import Generator

from embedded import figures
from embedded.newscast import graphics, studio, words
from embedded.newscast.graphics import Overlaid, Overlay
from embedded.newscast.story import Desk, Story, story
from embedded.scene import Grade
from embedded.setup import Actor, Move, Setup, Shot
from embedded.texture import Colour, Noise


@dataclass(frozen=True)
class Brief:
    """Values from which everything in a channel follows.

    Attributes
    ----------
    editions: number of editions, each with ``stories`` stories, of which half were in the edition before.
    ticker: if true, words run along the lower edge of the frame.
    """

    name: str
    letters: str
    colour: Colour
    second: Colour
    ticker: bool
    width: int
    height: int
    fps: int
    seed: int
    number: int
    editions: int
    stories: int


SHELF = (
    ("North Evening", "N1", (40, 84, 160), (120, 150, 190), False),
    ("Meridian News", "MN", (150, 40, 44), (176, 130, 96), True),
    ("Channel Ten", "10", (36, 120, 104), (150, 160, 130), False),
)


def brief(number: int, *, seed: int, width: int, height: int, fps: int, editions: int, stories: int) -> Brief:
    """Channel ``number``; after the last entry of the list, looks repeat under other names."""
    name, letters, colour, second, ticker = SHELF[number % len(SHELF)]
    if number >= len(SHELF):
        name = f"{name} {number // len(SHELF) + 1}"
    return Brief(name, letters, colour, second, ticker, width, height, fps, seed, number, editions, stories)


def editions(brief: Brief) -> list[list[Shot]]:
    """The shots of every edition. Set-ups are shared: the same number is the same footage in all of them."""
    newsroom = _Newsroom(brief)
    return [newsroom.edition(number) for number in range(brief.editions)]


TAKE = 8.0
"""Length of each piece of footage in seconds; editions show different parts of it."""


class _Newsroom:
    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.rng = rng = np.random.Generator(np.random.PCG64([brief.seed, brief.number, 11]))
        self.size = (brief.width, brief.height)
        self.noise = Noise(rng)
        self.number = count(1).__next__
        self.presenters = [figures.character(rng, self.noise, Grade()) for _ in range(2)]
        self.names = [words.person(rng) for _ in range(2)]
        reporters = tuple((words.person(rng), figures.character(rng, self.noise, Grade())) for _ in range(2))
        desk = Desk(self.size, brief.colour, self.noise, reporters, self.number)
        self.place = studio.studio(rng, self.noise, *self.size, brief.colour, brief.second)
        self.desk_front = studio.desk_front(rng, brief.width, brief.name, brief.colour)
        self.mark = Overlay(graphics.logo(brief.letters, brief.colour), brief.width - 40.0, 7.0)
        shift = -(-brief.stories // 2)
        self.shift = shift
        self.stories = [story(rng, desk, n) for n in range(brief.stories + shift * (brief.editions - 1))]
        self.intros = [self.intro(n, subject) for n, subject in enumerate(self.stories)]
        self.wide = self.two_shot()

    def edition(self, number: int) -> list[Shot]:
        """Headlines, the studio, every story with its introduction and report, the studio again."""
        rng = np.random.Generator(np.random.PCG64([self.brief.seed, self.brief.number, 12, number]))
        first = number * self.shift
        numbers = list(range(first, first + self.brief.stories))
        order = [int(n) for n in rng.permutation(numbers)]
        plan = list(self.plan(rng, order))
        over = self.over([self.stories[n].headline for n in order])
        shots: list[Shot] = []
        for setup, seconds, transition, begin in plan:
            n = round(seconds * self.brief.fps)
            blend = 0
            if transition != "cut" and shots:
                blend = min(n, shots[-1].n_frames, round(0.8 * self.brief.fps)) // 2 * 2
            shots.append(Shot(_with(setup, *over), n, begin, transition if shots else "cut", blend))
        return shots

    def plan(self, rng: Generator, order: list[int]) -> Iterator[tuple[Setup, float, str, float]]:
        """Set-ups with seconds, transition, and where in the footage the take begins."""
        wide = self.wide
        for n in order[:3]:
            view = self.stories[n].footage[0]
            yield self.teaser(view, self.stories[n].headline), float(rng.uniform(2.4, 3.4)), "cut", 0.0
        at = float(rng.uniform(0, 60))
        yield wide, float(rng.uniform(3.0, 4.5)), "dissolve", at
        for k, n in enumerate(order):
            yield self.intros[n], float(rng.uniform(4.0, 6.5)), "cut", float(rng.uniform(0, 60))
            n_shots = int(rng.integers(4, 6))
            footage = self.stories[n].footage
            report = [footage[0], *(footage[1 + int(i)] for i in rng.permutation(len(footage) - 1)[: n_shots - 1])]
            for i, setup in enumerate(report):
                seconds = float(rng.uniform(2.4, 5.2))
                transition = "dissolve" if i and rng.random() < 0.3 else "cut"
                yield setup, seconds, transition, float(rng.uniform(0, TAKE - seconds))
            if k == len(order) // 2:
                yield wide, float(rng.uniform(2.0, 3.0)), "cut", at + 30.0
        yield wide, 4.0, "cut", at + 60.0

    def two_shot(self) -> Setup:
        """Both presenters at the desk."""
        a, b = self.presenters
        actors = (Actor(a, -46, active=False), Actor(b, 46, left=True, active=False))
        return self._setup("wide", centre=(0.0, 8.0), scale=1.15, actors=actors, move=Move(zoom=1.08))

    def intro(self, n: int, subject: Story) -> Setup:
        """A presenter with a still of the story."""
        w, h = self.size
        speaker = n % 2
        side = 1 if speaker == 0 else -1
        inset = graphics.framed(studio.cropped(subject.still, round(0.36 * w), round(0.4 * h)), round(0.36 * w))
        x = 0.58 * w if side > 0 else 0.05 * w
        bar = graphics.lower_third(round(0.6 * w), subject.headline, subject.town, self.brief.colour)
        actor = Actor(self.presenters[speaker], -0.2 * side, close=True, size=0.84, left=side < 0)
        return self._setup(
            "intro", centre=(0.22 * side * w, -8.0), scale=1.35, actors=(actor,),
            overlays=(
                Overlay(inset, x, 0.17 * h),
                Overlay(self.desk_front, 0.0, h - 40.0),
                Overlay(bar, 0.06 * w, h - 48.0, 0.3, 0.85),
            ),
        )  # fmt: skip

    def teaser(self, view: Setup, headline: str) -> Setup:
        """The footage with its headline, at the beginning of the programme."""
        w, h = self.size
        bar = graphics.lower_third(round(0.8 * w), headline, self.brief.name, self.brief.colour)
        return _with(view, Overlay(bar, 0.06 * w, h - 48.0))

    def over(self, headlines: list[str]) -> tuple[Overlay, ...]:
        """Graphics over every shot of an edition."""
        if not self.brief.ticker:
            return (self.mark,)
        w, h = self.size
        text = "   +++   ".join(headlines)
        bar, line = graphics.ticker(w, text)
        return (self.mark, Overlay(bar, 0.0, h - 13.0), Overlay(line, 0.3 * w, h - 13.0, speed=24.0))

    def _setup(self, kind: str, **values: object) -> Setup:
        return Overlaid(self.number(), "studio", kind, self.place, **values)  # type: ignore[arg-type]


def _with(setup: Setup, *over: Overlay) -> Setup:
    assert isinstance(setup, Overlaid)
    return replace(setup, overlays=(*setup.overlays, *over))
