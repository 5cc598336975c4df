"""Films made of numbers: every frame's codes are known, so every answer is."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from vretlib.video.described_film import DescribedFilm, DescribeOptions
from vretlib.video.frames import VideoInfo

PER_FRAME = 40


def made_film(name: str, seed: int, shot_lengths=(12, 10, 14)) -> DescribedFilm:
    """Each shot shows ``PER_FRAME`` codes of its own in every frame, each with two bits of 256 wrong at random."""
    rng = np.random.default_rng(seed)
    stops = np.cumsum(shot_lengths)
    shots = np.stack([stops - shot_lengths, stops], axis=1)
    true = rng.integers(0, 256, (len(shot_lengths), PER_FRAME, 32), dtype=np.uint8)
    codes = np.repeat(true, shot_lengths, axis=0).reshape(-1, 32)
    for _ in range(2):
        bit = rng.integers(0, 256, len(codes))
        codes[np.arange(len(codes)), bit // 8] ^= (128 >> bit % 8).astype(np.uint8)
    n_frames = int(stops[-1])
    track_of_shot = np.arange(len(shot_lengths) * PER_FRAME).reshape(len(shot_lengths), PER_FRAME)
    return DescribedFilm(
        name,
        VideoInfo(Path(f"{name}.mp4"), 720, 400, n_frames, 24.0, n_frames / 24),
        DescribeOptions(),
        times=np.arange(n_frames) / 24,
        offsets=np.arange(n_frames + 1) * PER_FRAME,
        n_common=np.full(n_frames, PER_FRAME, np.int32),
        codes=codes,
        xy=rng.uniform(0, 400, (len(codes), 2)).astype(np.float32),
        tracks=np.repeat(track_of_shot, shot_lengths, axis=0).ravel().astype(np.int32),
        thumbnails=rng.integers(0, 256, (n_frames, 9, 16), dtype=np.uint8),
        shots=shots.astype(np.int64),
        key_codes=true.reshape(-1, 32),
        key_shots=np.repeat(np.arange(len(shot_lengths)), PER_FRAME).astype(np.int32),
        key_tracks=track_of_shot.ravel().astype(np.int32),
        key_lengths=np.repeat(shot_lengths, PER_FRAME).astype(np.int32),
    )


def without_features(film: DescribedFilm) -> DescribedFilm:
    """The film as if it had no feature: every frame is a shot of its own."""
    n = len(film.times)
    none = {name: getattr(film, name)[:0] for name in ("codes", "xy", "tracks")}
    keys = {name: getattr(film, name)[:0] for name in ("key_codes", "key_shots", "key_tracks", "key_lengths")}
    shots = np.stack([np.arange(n), np.arange(n) + 1], axis=1)
    return replace(film, name="nothing", offsets=np.zeros(n + 1, np.int64), shots=shots, **none, **keys)
