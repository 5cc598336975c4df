"""Videos made on the spot, whose every frame says its own number."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from vretlib.video import damage

SIZE = (320, 192)
N_BITS = 8


def numbered(number: int) -> np.ndarray:
    """A textured RGB picture with its number in binary as big white (1) and black (0) squares along the top."""
    rng = np.random.default_rng(5)
    grain = rng.integers(60, 200, (SIZE[1] // 8, SIZE[0] // 8), dtype=np.uint8)
    picture = np.roll(np.kron(grain, np.ones((8, 8), np.uint8)), 2 * number, axis=1)
    for bit in range(N_BITS):
        picture[:32, 40 * bit : 40 * (bit + 1)] = 255 if number >> bit & 1 else 0
    return np.repeat(picture[..., None], 3, axis=2)


def number_in(luma: np.ndarray) -> int:
    """The number that :func:`numbered` wrote into a picture, read from its luma."""
    return sum(1 << bit for bit in range(N_BITS) if luma[8:24, 40 * bit + 8 : 40 * bit + 32].mean() > 128)


def write_video(
    path: Path,
    pictures: list[np.ndarray],
    *,
    pts: list[int] | None = None,
    time_base: Fraction = Fraction(1, 25),
    codec: str = "libx264",
    pixels: str = "yuv420p",
    aspect: Fraction | None = None,
    container: dict[str, str] | None = None,
    **codec_options: str,
) -> Path:
    with av.open(str(path), "w", options=container or {}) as file:
        stream = file.add_stream(codec, rate=25, options=codec_options)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixels
        stream.codec_context.time_base = time_base
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = (pts[i] if pts else i), time_base
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def damaged(path: Path, out: Path, number: int) -> Path:
    """A copy in which the packet that holds frame `number` is overwritten."""
    with av.open(str(path)) as file:
        packet = next(p for p in file.demux(video=0) if p.size and p.pts is not None and p.pts // 512 == number)
    content = bytearray(path.read_bytes())
    for i in range(packet.pos, packet.pos + packet.size):
        content[i] ^= 0xA5
    out.write_bytes(content)
    return out


def _inside_a_picture(path: Path) -> int:
    """A place in the middle of the largest picture of the file's middle third.

    It does not depend on how many threads the encoder had. A stream promises no length: of one that ends in a small
    picture, that picture would be left out as if the recording had stopped before it.
    """
    with av.open(str(path)) as file:
        packets = sorted((p.pos, p.size) for p in file.demux(video=0) if p.size)
    third = len(packets) // 3
    position, size = max(packets[third : 2 * third], key=lambda one: one[1])
    return position + size // 2


VARIABLE_MS = np.cumsum([0] + [40, 20, 90, 33] * 37)[:120].tolist()


@pytest.fixture(autouse=True)
def _nothing_is_said_yet() -> None:
    """What other tests have found in the same films may be said again."""
    damage.warn_once.cache_clear()


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """120 numbered frames each, in several containers; "cut" ones end inside a picture near the middle of the file."""
    folder = tmp_path_factory.mktemp("videos")
    pictures = [numbered(i) for i in range(120)]
    b_frames = {"bf": "3", "g": "30", "preset": "veryfast"}
    fast_start = {"movflags": "faststart"}
    made = {
        "b_frames": write_video(folder / "b_frames.mp4", pictures, container=fast_start, **b_frames),
        "variable": write_video(
            folder / "variable.mkv", pictures, pts=VARIABLE_MS, time_base=Fraction(1, 1000), **b_frames
        ),
        "offset": write_video(folder / "offset.mp4", pictures, pts=list(range(50, 170)), **b_frames),
        "transport": write_video(folder / "transport.ts", pictures, **b_frames),
        "ten_bit": write_video(folder / "ten_bit.mkv", pictures[:10], pixels="yuv420p10le", crf="4"),
        "moov_last": write_video(folder / "moov_last.mp4", pictures, **b_frames),
        "wide_pixels": write_video(folder / "wide_pixels.mp4", pictures[:3], aspect=Fraction(4, 3)),
    }
    for name in ("b_frames", "variable", "transport", "moov_last"):
        whole = made[name]
        cut = whole.with_name(f"cut_{whole.name}")
        cut.write_bytes(whole.read_bytes()[: _inside_a_picture(whole)])
        made[f"cut_{name}"] = cut
    return made


def moving_scene(seed: int, n_frames: int, step: float = 1.5) -> list[np.ndarray]:
    """A camera that pans over a textured plane: corners are found and followed."""
    rng = np.random.default_rng(seed)
    plane = np.zeros((240, 720), np.float32)
    for size in (6, 12, 30, 60):
        small = rng.normal(size=(240 // size + 2, 720 // size + 2)).astype(np.float32)
        plane += size**0.5 * cv2.resize(small, (720, 240), interpolation=cv2.INTER_CUBIC)
    plane = np.clip(128 + 18 * plane, 0, 255).astype(np.uint8)
    views = [plane[20:212, int(step * i) : int(step * i) + 320] for i in range(n_frames)]
    return [np.repeat(view[..., None], 3, axis=2) for view in views]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scenes of 30, 25 and 20 frames, hard cuts, and 5 black frames before the last."""
    pictures = moving_scene(1, 30) + moving_scene(2, 25) + 5 * [np.zeros((192, 320, 3), np.uint8)] + moving_scene(3, 20)
    return write_video(tmp_path_factory.mktemp("film") / "film.mp4", pictures, crf="20", bf="2")
