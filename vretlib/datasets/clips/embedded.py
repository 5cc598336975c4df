"""The embedded clips: films and newscasts drawn by this project, cut into clips, with queries of two kinds.

The cache keeps every film and channel separately: its clips, their ground truth, and a still of each of its footage.
Photographs of screens are another stage, which depends on the clips' content.

Relevant clips
--------------
A clip is relevant to a query if it shows the query's *footage*, the same camera set-up of the same story or scene, for
at least `SHOWN` seconds. This includes the rest of a shot that a cut point divides, a shot that returns in a dialogue,
the headlines at a newscast's beginning, and another edition that broadcasts the footage again. A presenter who
introduces a story is footage of that story: the same studio with another story is not relevant. No query shows the
studio without a story, a title, credits or an empty shot.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from embedded import bookmark, camera, film, programmes
from embedded.newscast import channel
from embedded.newscast.channel import Brief
from embedded.programmes import Feature
from vretlib import arrays, cache
from vretlib.datasets.clips import truth
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery, ClipStudy, Moment
from vretlib.datasets.clips.truth import ClipTruth
from vretlib.errors import UserError
from vretlib.parallel import threaded_map
from vretlib.processes import processes
from vretlib.video import frames

log = logging.getLogger(__name__)


SHOWN = 0.5
"""Seconds for which a relevant clip shows a query's footage at least."""

NAMES = {"SI2V": "Channel stills", "VB": "Channel photographs"}
"""The names in tables of the two kinds of queries, which are not those of Stanford I2V and Video Bookmarking."""

LICENCE = "MIT, as this project"


def embedded(
    *,
    seed: int = 0,
    films: int = 4,
    film_seconds: float = 150.0,
    channels: int = 2,
    editions: int = 3,
    stories: int = 4,
    queries: int = 120,
    training_films: int = 4,
    training_clips: int = 64,
) -> ClipStudy:
    """The embedded study.

    Parameters
    ----------
    seed: seed of all pictures.
    films, film_seconds: number of fiction films, those of notebook 05 in a small format, and their approximate length.
    channels, editions, stories: numbers of channels, of editions of each, and of stories in an edition, half of which
        were in the edition before.
    queries: number of queries of each kind, "SI2V" and "VB".
    training_films, training_clips: number of films of other places and people, and of their clips in total.

    Raises
    ------
    UserError: a size that is not possible, or more queries of a kind than footage that queries may show.
    """
    arrays.wholes(0, films=films, channels=channels, training_clips=training_clips, queries=queries, seed=seed)
    arrays.wholes(1, editions=editions, stories=stories, training_films=training_films)
    if films + channels < 1:
        raise UserError("films=0 and channels=0; expected something to cut into clips")
    scripts = [
        programmes.small(film.script(i, seed=seed, seconds=film_seconds / programmes.PACE)) for i in range(films)
    ]
    briefs = [
        channel.brief(
            i,
            seed=seed,
            width=programmes.WIDTH,
            height=programmes.HEIGHT,
            fps=programmes.FPS,
            editions=editions,
            stories=stories,
        )
        for i in range(channels)
    ]
    if not 0 < film_seconds < 3600:
        raise UserError(f"film_seconds={film_seconds}; expected a film's length above 0 and below 3600")
    # Four clips per film are added, since clips that show titles or credits are left out.
    to_learn_from = programmes.films_for_training(
        seed, training_films, training_clips + 4 * training_films if training_clips else 0
    )
    new: list[str] = []
    # Threads look films up in the cache, and wait for processes to draw those that are missing. Channels go first,
    # since they take longest.
    sources: list[Feature | Brief] = [*briefs, *scripts, *to_learn_from]
    made = list(threaded_map(lambda source: _made(source, new), sources))
    log.info("embedded clips: %s films and channels cached, %s made", len(made) - len(new), len(new))
    searched, taught = made[channels : channels + films] + made[:channels], made[channels + films :]
    clips = tuple(clip for folder in searched for clip in _clips(folder))
    truths = [truth.read(clip.truth) for clip in clips if clip.truth is not None]
    asked = (*_stills(searched, truths, queries, seed), *_photographs(searched, clips, truths, queries, seed))
    training = _training(taught, training_clips)
    hours = sum(known.n_frames / known.fps for known in truths) / 3600
    what = f"{len(clips)} clips, {60 * hours:.0f} minutes, of {films} films and {channels * editions} newscasts"
    evaluation = ClipCollection(
        "embedded clips", clips, asked, f"{what}, drawn by this project from seed {seed}", LICENCE, names=NAMES
    )
    return ClipStudy(
        evaluation,
        training,
        f"{what}; {queries} stills and {queries} photographs of a screen to search with; {len(training)} clips of "
        f"{training_films} other films to learn from. Drawn by this project from seed {seed}: they test the chapter's "
        "claims and are not Stanford I2V, VB or LSMDC.",
    )


def _made(source: Feature | Brief, new: list[str]) -> Path:
    """Folder of a film or channel in the cache; a folder that is made now is added to ``new``."""

    def build(out: Path) -> None:
        processes().submit(_draw, source, out).result()
        new.append(str(out))

    return cache.stage("clips", {"source": source}, build, level=logging.DEBUG)


def _draw(source: Feature | Brief, out: Path) -> None:
    if isinstance(source, Feature):
        programmes.make_film(source, out)
    else:
        programmes.make_channel(source, out)


def _clips(folder: Path) -> Iterator[Clip]:
    for stem in json.loads((folder / programmes.CONTENTS).read_text())["clips"]:
        yield Clip(stem, folder / f"{stem}.mp4", folder / f"{stem}.json")


def _training(folders: Sequence[Path], n: int) -> tuple[Clip, ...]:
    """``n`` clips in equal numbers from all films, without clips that show a title or credits."""
    kept: list[Clip] = []
    for number, folder in enumerate(folders):
        wanted = n // len(folders) + (number < n % len(folders))
        usable = [clip for clip in _clips(folder) if not {"title", "credits"} & _kinds(clip)]
        kept += usable[:wanted]
    return tuple(kept)


def _kinds(clip: Clip) -> set[str]:
    known = truth.true(clip)
    return set() if known is None else {shot.kind for shot in known.shots}


def _moments(footage: str, truths: Sequence[ClipTruth]) -> tuple[Moment, ...]:
    """The parts of relevant clips that show footage."""
    found = []
    for clip, known in enumerate(truths):
        parts = [(s.start / known.fps, s.stop / known.fps) for s in known.shots if s.footage == footage]
        if sum(stop - start for start, stop in parts) >= SHOWN:
            found += [Moment(clip, start, stop) for start, stop in parts]
    return tuple(found)


def _query(name: str, kind: str, path: Path, moments: tuple[Moment, ...], level: str = "") -> ClipQuery:
    relevant = np.unique(np.array([moment.clip for moment in moments], np.int64))
    return ClipQuery(name, kind, path, relevant, moments, level)


def _stills(folders: Sequence[Path], truths: Sequence[ClipTruth], n: int, seed: int) -> list[ClipQuery]:
    """``n`` of the stills that have relevant clips, chosen by ``seed``."""
    every = []
    for folder in folders:
        for entry in json.loads((folder / programmes.CONTENTS).read_text())["stills"]:
            moments = _moments(entry["footage"], truths)
            if moments:
                every.append((folder / entry["file"], moments))
    if n > len(every):
        raise UserError(f"queries={n}; there is footage for {len(every)} stills; ask for fewer, or make more films")
    chosen = np.sort(np.random.Generator(np.random.PCG64([seed, 24])).permutation(len(every))[:n])
    return [_query(every[i][0].stem, "SI2V", *every[i]) for i in chosen]


def _photographs(
    folders: Sequence[Path], clips: Sequence[Clip], truths: Sequence[ClipTruth], n: int, seed: int
) -> list[ClipQuery]:
    """``n`` photographs of a screen that shows a clip, levels of difficulty in turn."""
    if not n:
        return []
    moments = _asked(truths, n, seed)
    key = {"clips": [folder.name for folder in folders], "n": n, "seed": seed, "shown": SHOWN}
    made = cache.stage(
        "clips-photographs",
        key,
        lambda out: _photograph(out, clips, moments, seed),
    )
    asked = []
    for i, (_, _, footage) in enumerate(moments):
        path = made / _photo(i)
        asked.append(_query(path.stem, "VB", path, _moments(footage, truths), _level(i)))
    return asked


def _asked(truths: Sequence[ClipTruth], n: int, seed: int) -> list[tuple[int, int, str]]:
    """``n`` frames to photograph as (clip, frame, footage), drawn uniformly from the frames that queries may show.

    Queries show no frames inside a dissolve or fade, which show two shots or none, and no frames of shots that are too
    short to make a clip relevant.
    """
    every = []
    for clip, known in enumerate(truths):
        blended = {frame for blend in known.blends for frame in range(blend.start, blend.stop)}
        for shot in known.shots:
            if shot.kind not in programmes.NOT_QUERIED and shot.stop - shot.start >= SHOWN * known.fps:
                every += [(clip, f, shot.footage) for f in range(shot.start, shot.stop) if f not in blended]
    if n > len(every):
        raise UserError(f"queries={n}; there are {len(every)} frames to photograph; ask for fewer")
    chosen = np.sort(np.random.Generator(np.random.PCG64([seed, 25])).permutation(len(every))[:n])
    return [every[i] for i in chosen]


def _photo(number: int) -> str:
    return f"photo_{number:03d}_{_level(number)}.jpg"


def _level(number: int) -> str:
    """Level of the photograph with this number; the levels alternate."""
    return list(camera.LEVELS)[number % len(camera.LEVELS)]


def _photograph(out: Path, clips: Sequence[Clip], moments: Sequence[tuple[int, int, str]], seed: int) -> None:
    studio = camera.Studio(np.random.Generator(np.random.PCG64([seed, 26])))
    levels = list(camera.LEVELS.values())

    def shoot(i: int) -> None:
        clip, frame, _ = moments[i]
        picture = frames.read(clips[clip].path, [frame], colour="rgb")[frame]
        rng = np.random.Generator(np.random.PCG64([seed, i, 27]))
        (out / _photo(i)).write_bytes(bookmark.jpeg(camera.photograph(picture, levels[i % len(levels)], studio, rng)))

    list(threaded_map(shoot, range(len(moments))))
