"""Description of a film: one pass that decodes and finds features and tracks, then shots and key features (§5.1.1).

Results per feature go to disk as they come, so that memory holds a few frames, the unfinished tracks and the key
features, however long the film is.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from vretlib.errors import UserError
from vretlib.features import local
from vretlib.parallel import threaded_map
from vretlib.progress import progress_bar
from vretlib.video import frames, key_features, packets, shots, tracks
from vretlib.video.damage import OnDamage
from vretlib.video.described_film import (
    DescribedFilm,
    DescribeOptions,
    load,
    load_frames,
    save_frames,
    save_keys,
    streamed_arrays,
)


class TrackedFrame(NamedTuple):
    """A frame with its features and their tracks, int32 (n,).

    ``n_common`` is the number of tracks that it shares with the frame before. ``thumbnail`` is uint8 (h, w).
    """

    number: int
    time: float
    features: local.LocalFeatures
    tracks: np.ndarray
    n_common: int
    thumbnail: np.ndarray


def describe(
    path: str | Path,
    out: str | Path,
    *,
    options: DescribeOptions | None = None,
    name: str = "",
    on_damage: OnDamage = "raise",
    progress: bool = False,
) -> DescribedFilm:
    """The description of a film, which is written into the folder `out`.

    Parameters
    ----------
    path: the film's file.
    out: is created; it may exist if it is empty. It gets its contents only when all are complete.
    options: those of the thesis (`DescribeOptions`) if None; `SIFT` for its SIFT variant.
    name: name of the film; if empty, the file's name without extension.
    on_damage: as in `vretlib.video.frames.stream`. With "keep", a lost frame is a frame without features.
    progress: whether to show a bar with frames per second.

    Raises
    ------
    UserError: the film is unreadable or, unless `on_damage` keeps what can be decoded, damaged; or `out` is not empty.
    """
    path, out = Path(path), Path(out)
    options = options or DescribeOptions()
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise UserError(f"{out}: is not an empty folder; a described film goes into a folder of its own. Remove it.")
    info = frames.probe(path, on_damage=on_damage)
    unfinished = out.with_name(out.name + ".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        found = track(path, options=options, on_damage=on_damage)
        bar = progress_bar(found, total=info.n_frames, unit="frame", desc=name or path.stem, progress=progress)
        with closing(found):
            _record(bar, unfinished, name=name or path.stem, info=info, options=options)
        save_keys(with_options(load_frames(unfinished)), unfinished)
        os.replace(unfinished, out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return load(out)


def with_options(film: DescribedFilm, **changes: Any) -> DescribedFilm:
    """The same film with other shots and key features, without decoding it: seconds instead of minutes.

    Parameters
    ----------
    changes: any of `shot_rule`, `common_tracks`, `longer_than`, `key_feature_rule` (`DescribeOptions`).

    Raises
    ------
    UserError: an option that the pass over the film has decided.
    """
    fixed = changes.keys() - {"shot_rule", "common_tracks", "longer_than", "key_feature_rule"}
    if fixed:
        raise UserError(f"{min(fixed)}: decided by the pass over the film. Describe the film again with this option.")
    options = replace(film.options, **changes)
    found = shots.find_shots(
        film.n_common, np.diff(film.offsets), rule=options.shot_rule, common_tracks=options.common_tracks
    )
    keys = key_features.aggregate(
        film.offsets, film.codes, film.tracks, found, rule=options.key_feature_rule, longer_than=options.longer_than
    )
    return replace(
        film, options=options, shots=found,
        key_codes=keys.codes, key_shots=keys.shots, key_tracks=keys.tracks, key_lengths=keys.lengths,
    )  # fmt: skip


def track(
    path: str | Path,
    *,
    options: DescribeOptions | None = None,
    start: int = 0,
    stop: int | None = None,
    on_damage: OnDamage = "raise",
) -> Generator[TrackedFrame]:
    """Features and tracks of the frames `start` up to, not including, `stop` of a film, frame by frame.

    FFmpeg's threads decode, one thread per processor finds features with its own detector, and the calling thread
    matches; the result does not depend on the number of threads.
    """
    options = options or DescribeOptions()
    extract: Callable[[np.ndarray], local.LocalFeatures]
    matcher: tracks.Match
    if options.features == "sift":
        extract = partial(local.sift, n_features=options.n_features, root=False)
        matcher = partial(
            tracks.match_sift, max_distance=options.max_sift_distance, max_displacement=options.max_displacement
        )
    else:
        extract = partial(local.orb_brief, n_features=options.n_features)
        matcher = partial(tracks.match, max_hamming=options.max_hamming, max_displacement=options.max_displacement)

    def look(frame: frames.Frame) -> tuple[frames.Frame, local.LocalFeatures, np.ndarray]:
        luma = frames.resize(frame.image, options.width)
        return frame, extract(luma), thumbnail(luma)

    tracker, expected = tracks.Tracker(matcher), start
    with local.one_opencv_thread():
        stream = frames.stream(path, start=start, stop=stop, on_damage=on_damage)
        for frame, features, small in threaded_map(look, stream):
            if frame.number != expected:  # frames were lost: all tracks end at the gap
                tracker.update(features.descriptors[:0], features.xy[:0])
            expected = frame.number + 1
            numbers, n_common = tracker.update(features.descriptors, features.xy)
            yield TrackedFrame(frame.number, frame.time, features, numbers, n_common, small)


def thumbnail(luma: np.ndarray) -> np.ndarray:
    """Means over squares of pixels, in 64 to 127 columns; a rest at the right and lower edges is cut off."""
    side = max(1, luma.shape[1] // 64)
    height, width = max(1, luma.shape[0] // side), luma.shape[1] // side
    return cv2.resize(luma[: height * side, : width * side], (width, height), interpolation=cv2.INTER_AREA)


def _record(
    found: Iterable[TrackedFrame], folder: Path, *, name: str, info: frames.VideoInfo, options: DescribeOptions
) -> None:
    """Write frames to files as they come; lost frames have no features and a black thumbnail."""
    n_features, n_common = np.zeros(info.n_frames, np.int64), np.zeros(info.n_frames, np.int32)
    row, black = 0, np.zeros((0, 0), np.uint8)
    with ExitStack() as stack:
        files = {array: stack.enter_context(open(folder / f"{array}.bin", "wb")) for array in streamed_arrays(options)}
        for frame in found:
            black = np.zeros_like(frame.thumbnail)
            files["thumbnails"].write(black.tobytes() * (frame.number - row))
            row = frame.number
            n_features[row], n_common[row] = len(frame.tracks), frame.n_common
            files["codes"].write(frame.features.descriptors.astype(np.uint8, copy=False).tobytes())
            files["xy"].write(frame.features.xy.tobytes())
            files["tracks"].write(frame.tracks.tobytes())
            files["thumbnails"].write(frame.thumbnail.tobytes())
            row += 1
        files["thumbnails"].write(black.tobytes() * (info.n_frames - row))
    index = packets.packet_index(info.path)
    save_frames(
        folder,
        name=name,
        info=info,
        options=options,
        thumbnail_shape=black.shape,
        times=np.array([index.time(number) for number in range(info.n_frames)]),
        offsets=np.concatenate([[0], np.cumsum(n_features)]),
        n_common=n_common,
    )
