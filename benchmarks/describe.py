"""Frames per second and memory of describing a film, beside decoding it and running OpenCV's ORB and BRIEF alone.

A few stretches of the film are measured, with all methods in turns on each, so that a machine that slows down slows all
of them. Each method gets the same threads; for OpenCV alone both ways to use them are measured, and the faster one sets
the goal.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks import Goal, Options, Row
from vretlib.datasets import movies
from vretlib.features import local
from vretlib.parallel import n_threads, threaded_map
from vretlib.video import describe, frames

SPEED, MEMORY = "film: frames per second", "film: peak memory of the process"


def run(options: Options) -> list[Row]:
    """Speed on stretches of the film, memory on a stretch and on the whole of it."""
    film = options.film or movies.embedded(n_films=1, n_queries=1, seed=options.seed).movies[0].path
    n_stretches, length = (1, 100) if options.quick else (4, 750)
    with tempfile.TemporaryDirectory() as folder:
        stretches = _stretches(film, n_stretches, length, Path(folder))
        rows = _speed(stretches)
        return rows + _memory(stretches[0], None if options.quick else film)


def _speed(stretches: list[Path]) -> list[Row]:
    methods: dict[str, Callable[[Path], int]] = {
        "decode alone": _decode,
        "decode + ORB + BRIEF, OpenCV's own threads": _opencv_threads,
        "decode + ORB + BRIEF, a frame per thread": _frame_threads,
        "vretlib: decode + ORB + BRIEF + tracks + shots + key features": _describe,
    }
    for work in methods.values():
        work(stretches[0])  # compiles, and brings the file into memory
    seconds, n_frames = dict.fromkeys(methods, 0.0), 0
    for stretch in stretches:
        for name, work in methods.items():
            started = time.perf_counter()
            n = work(stretch)
            seconds[name] += time.perf_counter() - started
        n_frames += n
    rates = {name: n_frames / spent for name, spent in seconds.items()}
    *_, serial, parallel, ours = rates
    goal = Goal(
        0.8,
        rates[ours] / max(rates[serial], rates[parallel]),
        "at least 0.8 times decode + OpenCV's ORB and BRIEF alone, the faster way",
    )
    settings: dict[str, float | int | str] = {"frames": n_frames, "threads": n_threads(), "width": frames.WIDTH}
    return [
        Row(SPEED, name, rate, "frames/s", settings, goal if name == ours else None) for name, rate in rates.items()
    ]


def _decode(path: Path) -> int:
    return sum(1 for _ in frames.stream(path))


def _opencv_threads(path: Path) -> int:
    cv2.setNumThreads(n_threads())
    orb, brief = cv2.ORB.create(nfeatures=500), cv2.xfeatures2d.BriefDescriptorExtractor.create(bytes=32)
    n = 0
    for frame in frames.stream(path, width=frames.WIDTH):
        brief.compute(frame.image, orb.detect(frame.image))
        n += 1
    return n


def _frame_threads(path: Path) -> int:
    def work(frame: frames.Frame) -> np.ndarray:
        return local.orb_brief(frames.resize(frame.image)).descriptors

    cv2.setNumThreads(1)
    n = sum(1 for _ in threaded_map(work, frames.stream(path)))
    cv2.setNumThreads(n_threads())
    return n


def _describe(path: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return len(describe.describe(path, Path(folder) / "film").times)


def _memory(stretch: Path, film: Path | None) -> list[Row]:
    rows = []
    for name, path in (("a stretch", stretch), ("the whole film", film)):
        if path is not None:
            peak, n_frames, key_bytes = _peak_in_a_new_process(path)
            settings: dict[str, float | int | str] = {"frames": n_frames, "key features, MiB": key_bytes / 2**20}
            whole = Goal(1024, peak, "at most 1 GiB", at_most=True) if path is film else None
            rows.append(Row(MEMORY, f"vretlib, {name}", peak, "MiB", settings, whole))
    return rows


_MEASURED = """
import sys, tempfile
from vretlib.video import describe
with tempfile.TemporaryDirectory() as folder:
    film = describe.describe(sys.argv[1], folder + "/film")
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024, len(film.times), film.key_codes.nbytes)
"""


def _peak_in_a_new_process(path: Path) -> tuple[float, int, int]:
    """Peak memory in MiB, frames, and bytes of key features; Linux counts the peak of a program from its start."""
    command = [sys.executable, "-c", _MEASURED, str(path)]
    peak, n_frames, key_bytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(peak), int(n_frames), int(key_bytes)


def _stretches(film: Path, n: int, length: int, folder: Path) -> list[Path]:
    """Copies of `n` stretches of about `length` frames, spread over the film; packets are copied, nothing encoded."""
    duration = frames.probe(film).duration
    return [_stretch(film, duration * i / n, length, folder / f"{i}.mkv") for i in range(n)]


def _stretch(film: Path, second: float, length: int, out: Path) -> Path:
    with av.open(str(film)) as source, av.open(str(out), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        source.seek(
            int((second + float((stream.start_time or 0) * stream.time_base)) / stream.time_base), stream=stream
        )
        packets = (packet for packet in source.demux(stream) if packet.size and packet.dts is not None)
        first = None
        for i, packet in enumerate(packets):
            first = packet.dts if first is None else first
            if i >= length and packet.is_keyframe:
                break
            packet.dts, packet.pts, packet.stream = packet.dts - first, packet.pts - first, copy
            target.mux(packet)
    return out
