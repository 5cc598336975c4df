"""Photographs as pixels: whatever the file holds, out come the eight bits of red, green and blue that one sees.

A box is ``(x1, y1, x2, y2)`` in pixels of the image as `read` gives it, from 0, the far corner included.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from vretlib.datasets import files
from vretlib.errors import UserError

Pixels = NDArray[np.uint8]
Box = tuple[float, float, float, float]

EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".jp2", ".avif")
"""Files that `find` takes for images; everything else in a folder is left alone."""

LARGEST = 178_956_970
"""Pixels, half a gigabyte of them: a file that claims more is refused before anything is decoded."""

SLACK = 0.01
"""Of the longer side: how far a box may reach over the edge and still be cut to the image (see `inside`)."""

_ORIENTATION, _TURNED = 0x0112, (5, 6, 7, 8)


def find(folder: str | Path) -> tuple[Path, ...]:
    """Every image below a folder, in the order of their paths; hidden ones and links to folders are not followed."""
    found = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [f"{where}/{name}" for name in names if name.lower().endswith(EXTENSIONS) and not name.startswith(".")]
    return tuple(map(Path, sorted(found)))


def read(path: str | Path) -> Pixels:
    """The image as uint8 (height, width, 3), RGB, contiguous.

    Turned as its EXIF orientation says. Grey is repeated three times, palettes are looked up, 16 bits are scaled to 8,
    CMYK becomes RGB without a colour profile, transparency lies on white, of an animation the first frame is taken.

    Raises
    ------
    UserError: no such file, 0 bytes, not an image, cut short, more than `LARGEST` pixels, or pixels of 32 bits, for
        which no value is white.
    """
    with _opened(path) as image:
        if image.mode == "F" or (image.mode == "I" and image.format != "PPM"):
            raise UserError(f"{path}: has 32 bits a pixel, of which none is white; save it with 8 or 16 bits a channel")
        return _rgb(ImageOps.exif_transpose(image))


def size(path: str | Path) -> tuple[int, int]:
    """Width and height of the image as `read` gives it; of most formats only the header is read."""
    with _opened(path) as image:
        width, height = image.size
        return (height, width) if image.getexif().get(_ORIENTATION) in _TURNED else (width, height)


def check(path: str | Path) -> None:
    """Raise the `UserError` that `read` would, at a fraction of its time for a JPEG."""
    with _opened(path) as image:
        image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()


def resize(image: Pixels, longest: int, *, upscale: bool = False) -> Pixels:
    """The image with its longer side ``longest`` pixels long, antialiased (Lanczos); a smaller one only if ``upscale``.

    The other side is rounded, to one pixel at least. In integers throughout, so the same on every machine.
    """
    if longest < 1:
        raise UserError(f"longest={longest}; expected the longer side in pixels, at least 1")
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale == 1 or (scale > 1 and not upscale):
        return image
    to = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(Image.fromarray(image).resize(to, Image.Resampling.LANCZOS))


def crop(image: Pixels, box: Box) -> Pixels:
    """The pixels in a box, its corners rounded (halves up) and included, as Tolias' R-MAC crops its queries.

    Raises
    ------
    UserError: the box is not `inside` the image.
    """
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (int(np.floor(value + 0.5)) for value in inside(box, width, height))
    return np.ascontiguousarray(image[y1 : y2 + 1, x1 : x2 + 1])


def inside(box: Box, width: int, height: int) -> Box:
    """The box cut to an image, over whose edges it may reach by `SLACK` of the longer side.

    Boxes drawn on a reduced copy end a pixel or so outside when they are scaled up; further out, it is another image's
    box, and an error.
    """
    x1, y1, x2, y2 = box
    slack = max(1.0, SLACK * max(width, height))
    # Comparisons that a NaN fails too.
    if not (-slack <= x1 <= x2 <= width - 1 + slack and -slack <= y1 <= y2 <= height - 1 + slack):
        raise UserError(
            f"box {x1:g} {y1:g} {x2:g} {y2:g} is not inside the image, {width} x {height} pixels; "
            "expected x1 y1 x2 y2 from 0, in pixels of the image as it was distributed"
        )
    right, bottom = width - 1.0, height - 1.0
    return (min(max(x1, 0.0), right), min(max(y1, 0.0), bottom), min(max(x2, 0.0), right), min(max(y2, 0.0), bottom))


@contextmanager
def _opened(path: str | Path) -> Iterator[Image.Image]:
    """The file as Pillow opens it; whatever is wrong with it, then or while it is used, becomes one `UserError`."""
    path = Path(path)
    if files.status(path) is None:
        raise UserError(f"{path}: no such image")
    if files.regular(path, "an image").st_size == 0:
        raise UserError(f"{path}: is empty (0 bytes); copy or download the image again")
    too_large = f"{path}: claims more than {LARGEST:,} pixels; make a smaller copy"
    try:
        with Image.open(path) as image:
            if image.width * image.height > LARGEST:
                raise UserError(too_large)
            yield image
    except Image.DecompressionBombError:
        raise UserError(too_large) from None
    except UnidentifiedImageError:
        raise UserError(
            f"{path}: is not an image; expected JPEG, PNG or another format that Pillow reads. "
            "If it should be one, copy or download it again"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error) as error:
        raise UserError(f"{path}: is cut short or damaged ({error}); copy or download the image again") from error


def _rgb(image: Image.Image) -> Pixels:
    if image.mode.startswith("I"):  # 16 bits, which Pillow would clip at 255
        levels = np.asarray(image).astype(np.uint32)
        grey = ((levels * 255 + 32767) // 65535).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("RGB"))
