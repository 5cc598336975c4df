"""Films: frames by number and time, tracks, shots, key frames and key features, and vectors of sampled frames.

Images are uint8 arrays (h, w) or (h, w, 3) in RGB, times are seconds, shots are half-open ranges of frames (S, 2).
Functions of codes, vectors and boundaries take numpy arrays or tensors on the CPU. Shots, boundaries and matches are of
the same kind; key frames and key features hold arrays.
"""

from typing import TYPE_CHECKING

from vretlib.lazy import on_demand

if TYPE_CHECKING:
    from vretlib.video.clip_features import describe as describe_clips
    from vretlib.video.clip_features import layers as clip_layers
    from vretlib.video.cluster_key_frames import key_frames as key_frames_by_clusters
    from vretlib.video.describe import describe as describe_film
    from vretlib.video.described_film import DescribedFilm, DescribeOptions
    from vretlib.video.described_film import load as load_film
    from vretlib.video.frames import probe
    from vretlib.video.frames import read as read_frames
    from vretlib.video.frames import stream as stream_frames
    from vretlib.video.key_features import aggregate as aggregate_tracks
    from vretlib.video.key_frames import of_film as key_frames_of_film
    from vretlib.video.sampling import sampled as sample_frames
    from vretlib.video.shot_boundaries import detect_boundaries
    from vretlib.video.shot_boundaries import shots as shots_between
    from vretlib.video.shots import find_shots
    from vretlib.video.tracks import Tracker
    from vretlib.video.tracks import match as match_codes

__all__ = [
    "DescribeOptions",
    "DescribedFilm",
    "Tracker",
    "aggregate_tracks",
    "clip_layers",
    "describe_clips",
    "describe_film",
    "detect_boundaries",
    "find_shots",
    "key_frames_by_clusters",
    "key_frames_of_film",
    "load_film",
    "match_codes",
    "probe",
    "read_frames",
    "sample_frames",
    "shots_between",
    "stream_frames",
]

__getattr__, __dir__ = on_demand(__name__)
