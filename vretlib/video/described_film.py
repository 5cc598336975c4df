"""A described film: the results of one pass over a film, kept in a folder and read from it when they are needed."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.video import key_features, shots, tracks
from vretlib.video.frames import WIDTH, VideoInfo

FORMAT = 1


@dataclass(frozen=True)
class DescribeOptions:
    """Options of a film's description; the defaults are those of the thesis (§5.1.1, §5.2.1).

    ``shot_rule``, ``common_tracks``, ``longer_than`` and ``key_feature_rule`` decide shots and key features, which
    `vretlib.video.describe.with_options` changes without a new pass over the film.

    Attributes
    ----------
    features: kind of the local features.
    width: pixels to which frames are resized, at least 64.
    n_features: maximum number of features per frame, at least 1; for SIFT, 0 keeps all.
    max_hamming: codes of two frames match if fewer bits than this differ, at least 1; not read for SIFT.
    max_sift_distance: Euclidean distance below which SIFT descriptors of two frames match; may be infinite.
    max_displacement: a feature moves by less than this many pixels from one frame to the next; may be infinite.
    shot_rule: a key of `vretlib.video.shots.RULES`.
    common_tracks: number of common tracks up to which there is a boundary; None takes that of the shot rule.
    longer_than: tracks of at most this many frames inside a shot give no key feature.
    key_feature_rule: for binary codes "majority" or "at_least_two"; for SIFT "mean".

    Raises
    ------
    UserError: an unknown kind or rule, a rule of key features that does not fit the kind of features, or a number below
        its minimum.
    """

    features: Literal["orb_brief", "sift"] = "orb_brief"
    width: int = WIDTH
    n_features: int = 500
    max_hamming: int = tracks.MAX_HAMMING
    max_sift_distance: float = tracks.MAX_SIFT_DISTANCE
    max_displacement: float = tracks.MAX_DISPLACEMENT
    shot_rule: str = "thesis"
    common_tracks: int | None = None
    longer_than: int = key_features.LONGER_THAN
    key_feature_rule: str = "majority"

    def __post_init__(self) -> None:
        """Raise a UserError for invalid values before any work starts."""
        shots.rule_named(self.shot_rule)
        key_features.rule_named(self.key_feature_rule)
        if self.features not in ("orb_brief", "sift"):
            raise UserError(f"features={self.features!r}: unknown; choose orb_brief or sift.")
        if (self.features == "sift") != (self.key_feature_rule == "mean"):
            raise UserError(
                f"key_feature_rule={self.key_feature_rule!r} doesn't fit features={self.features!r}: "
                "SIFT takes mean, binary codes majority or at_least_two."
            )
        minimum = {"width": 64, "n_features": 0 if self.features == "sift" else 1, "max_hamming": 1, "longer_than": 0}
        minimum |= {} if self.common_tracks is None else {"common_tracks": 0}
        for name, least in minimum.items():  # numbers of numpy become Python's, which JSON knows
            object.__setattr__(self, name, arrays.whole(getattr(self, name), name, least))
        for name in ("max_sift_distance", "max_displacement"):
            number = arrays.number(getattr(self, name), name, minimum=0, infinite=True)
            if not isinstance(getattr(self, name), int | float):
                object.__setattr__(self, name, number)


SIFT = DescribeOptions(features="sift", n_features=0, key_feature_rule="mean")
"""The SIFT variant of the thesis (§5.2.2): all SIFT features, tracked over time and averaged."""


@dataclass(frozen=True, eq=False)
class DescribedFilm:
    """Frames, features, tracks, shots and key features of a film. Row f of an array per frame belongs to frame f.

    Features are stored frame by frame: frame f has ``offsets[f]:offsets[f + 1]``. Arrays with one row per feature or
    thumbnail are mapped from disk, read-only.

    Attributes
    ----------
    times: float64 (F,), seconds.
    offsets: int64 (F + 1,).
    n_common: int32 (F,), tracks that a frame shares with the one before.
    codes: uint8 (N, 32); for SIFT (N, 128), OpenCV's values.
    xy: float32 (N, 2), pixels of the resized frame.
    tracks: int32 (N,), track of each feature, numbered from 0 by first appearance.
    thumbnails: uint8 (F, h, w), small luma images, from which key frames are chosen.
    shots: int64 (S, 2), frames [start, stop).
    key_codes: uint8 (K, 32); for SIFT float32 (K, 128). In order of shot, then of track.
    key_shots, key_tracks, key_lengths: int32 (K,), shot, track and number of frames of each key feature.
    """

    name: str
    info: VideoInfo
    options: DescribeOptions
    times: np.ndarray
    offsets: np.ndarray
    n_common: np.ndarray
    codes: np.ndarray
    xy: np.ndarray
    tracks: np.ndarray
    thumbnails: np.ndarray
    shots: np.ndarray
    key_codes: np.ndarray
    key_shots: np.ndarray
    key_tracks: np.ndarray
    key_lengths: np.ndarray


def streamed_arrays(options: DescribeOptions) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Type and shape of a row of each array that is written during the pass; a thumbnail's shape is known later."""
    d = 128 if options.features == "sift" else 32
    return {"codes": ("uint8", (d,)), "xy": ("float32", (2,)), "tracks": ("int32", ()), "thumbnails": ("uint8", ())}


def save_frames(
    folder: Path,
    *,
    name: str,
    info: VideoInfo,
    options: DescribeOptions,
    thumbnail_shape: tuple[int, ...],
    times: np.ndarray,
    offsets: np.ndarray,
    n_common: np.ndarray,
) -> None:
    """Write the arrays per frame beside the files of the streamed arrays."""
    about = {
        "format": FORMAT,
        "name": name,
        "info": asdict(info) | {"path": str(info.path)},
        "options": asdict(options),
        "thumbnail_shape": thumbnail_shape,
    }
    np.savez(folder / "frames.npz", times=times, offsets=offsets, n_common=n_common)
    (folder / "film.json").write_text(json.dumps(about, indent=1))


def load_frames(folder: Path) -> DescribedFilm:
    """A film with its frames, features and tracks, but without shots and key features."""
    about = json.loads((folder / "film.json").read_text())
    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}, expected {FORMAT}")
    options = DescribeOptions(**about["options"])
    info = VideoInfo(**about["info"] | {"path": Path(about["info"]["path"])})
    arrays = dict(np.load(folder / "frames.npz", allow_pickle=False))
    n_frames, n_features = len(arrays["times"]), int(arrays["offsets"][-1])
    for array, (dtype, row) in streamed_arrays(options).items():
        shape = (n_frames, *about["thumbnail_shape"]) if array == "thumbnails" else (n_features, *row)
        arrays[array] = _map_file(folder / f"{array}.bin", dtype, shape)
    nothing = np.empty(0, np.int32)
    return DescribedFilm(
        about["name"], info, options, **arrays, shots=np.empty((0, 2), np.int64),
        key_codes=nothing, key_shots=nothing, key_tracks=nothing, key_lengths=nothing,
    )  # fmt: skip


_KEYS = ("shots", "key_codes", "key_shots", "key_tracks", "key_lengths")


def save_keys(film: DescribedFilm, folder: Path) -> None:
    """Write shots and key features, which makes a description complete."""
    np.savez(folder / "keys.npz", **{name: getattr(film, name) for name in _KEYS})


def load(folder: str | Path) -> DescribedFilm:
    """The film that `vretlib.video.describe.describe` wrote into a folder.

    Raises
    ------
    UserError: the folder holds no described film, an incomplete one, or one in another format.
    """
    try:
        film = load_frames(Path(folder))
        return replace(film, **np.load(Path(folder) / "keys.npz", allow_pickle=False))
    except (OSError, ValueError, EOFError, KeyError, TypeError, BadZipFile) as error:
        raise UserError(f"{folder}: holds no complete described film ({error}). Describe the film again.") from error


def _map_file(path: Path, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    """A file of raw values as a read-only array of this shape; an empty array is not mapped."""
    expected = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if path.stat().st_size != expected:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes, expected {expected}")
    return np.memmap(path, dtype, "r", shape=shape) if expected else np.empty(shape, dtype)
