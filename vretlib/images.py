"""Photographs as RGB pixels of eight bits, whatever the format of the file.

A box is ``(x1, y1, x2, y2)`` in pixels of the image that `read` returns, counted from 0, with both corners included.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from vretlib import files, jpeg, outputs, walk
from vretlib.errors import UserError

Pixels = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""(x1, y1, x2, y2) in pixels of the image as read (EXIF rotation applied), from 0; the far corner is included."""

LARGEST = 178_956_970
"""Maximum number of pixels (half a gigabyte); larger images are refused before they are decoded."""

SLACK = 0.01
"""The share of the longer side by which a box may reach over the edge (see `inside`)."""

FORMATS = ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "PPM", "JPEG2000", "AVIF"]
"""The formats that Pillow may read. It knows more, and runs other programs for some (Ghostscript for PostScript)."""

_HEIF = find_spec("pillow_heif") is not None
if _HEIF:
    import_module("pillow_heif").register_heif_opener()
    FORMATS.append("HEIF")

NEEDS_HEIF = "install pillow-heif, for example with pip, or save as JPEG"

_HEIC = (".heic", ".heif", ".hif")
EXTENSIONS = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".j2k", ".jpx", ".avif"),
    *(_HEIC if _HEIF else ()),
)
"""Endings of image files; other files in a folder are left out and counted."""

_RAW = (".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".psd", ".jxl", ".svg", ".eps", ".ps", ".pdf")
UNREADABLE = dict.fromkeys(_RAW, "save as JPEG") | ({} if _HEIF else dict.fromkeys(_HEIC, NEEDS_HEIF))
"""Endings of pictures that are not read -> what to do about it."""

_ORIENTATION, _ROTATED = 0x0112, (5, 6, 7, 8)

_OTHERS = {
    b"%!PS": "PostScript",
    b"%PDF": "a PDF",
    b"8BPS": "a Photoshop file",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"<svg": "an SVG drawing",
    b"<": "a web page or other markup",
    b"PK\x03\x04": "an archive",
    b"version https://git-lfs": "a pointer to a file that Git LFS keeps elsewhere",
}
"""First bytes of files that are sometimes named like photographs and cannot be read."""

_JPEG = ("JPEG", "MPO")

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def find(folder: str | Path, *, beside: Collection[str] = ()) -> tuple[Path, ...]:
    """Every image below a folder; order, links and errors as in `walk.find`.

    Parameters
    ----------
    beside: endings of other files that belong to the folder and are not counted as left out.
    """
    found = walk.find(Path(folder), EXTENSIONS, unreadable=UNREADABLE, beside=beside)
    return found.logged()


def read(path: str | Path) -> Pixels:
    """The image as uint8 (height, width, 3), RGB, contiguous.

    The image is rotated according to its EXIF orientation. Grey is repeated three times, palettes are looked up, 16
    bits are scaled to 8, CMYK becomes RGB without a colour profile, transparent pixels are blended with white, and the
    first frame of an animation is taken.

    Raises
    ------
    UserError: the file is missing, empty, not an image or cut short, or it has more than `LARGEST` pixels or pixels of
        32 bits, which have no defined white.
    """
    with _opened(path) as image:
        _check_end(path, image)
        _check_depth(path, image)
        _check_data(path, image)
        return _rgb(ImageOps.exif_transpose(image))


def grey(path: str | Path) -> Pixels:
    """The brightness of the image as uint8 (height, width): stored in a JPEG, computed from the colours of others.

    Raises
    ------
    UserError: as `read`.
    """
    with _opened(path) as image:
        _check_end(path, image)
        _check_depth(path, image)
        image.draft("L", None)  # a JPEG holds brightness and colours apart
        _check_data(path, image)
        upright = ImageOps.exif_transpose(image)
        if upright.mode == "L" and not upright.has_transparency_data:
            return np.array(upright)
        return np.asarray(cv2.cvtColor(_rgb(upright), cv2.COLOR_RGB2GRAY), np.uint8)


def size(path: str | Path) -> tuple[int, int]:
    """Width and height of the image that `read` returns; only the header is read for most formats."""
    with _opened(path) as image:
        if image.format == "TIFF":  # Pillow turns these itself, when it reads them
            return ImageOps.exif_transpose(image).size
        width, height = image.size
        return (height, width) if image.getexif().get(_ORIENTATION) in _ROTATED else (width, height)


def check(path: str | Path) -> None:
    """Raise the `UserError` that `read` would raise; much faster than `read` for a JPEG."""
    with _opened(path) as image:
        _check_end(path, image)
        _check_depth(path, image)
        image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()
        _check_data(path, image)


def write(path: Path, image: Pixels) -> None:
    """Write an image, RGB or grey, in the format of the path's ending, in one step.

    Raises
    ------
    UserError: there is no space, no permission or no such format.
    """
    try:
        done, data = cv2.imencode(path.suffix, image[..., ::-1] if image.ndim == 3 else image)
        if not done:
            raise UserError(f"{path}: could not be encoded as {path.suffix}; expected pixels, not {image.shape}")
    except cv2.error as error:
        raise UserError(f"{path}: could not be encoded as {path.suffix or 'no format'} ({error.err})") from None
    outputs.write(path, data.tobytes())


def resize(image: Pixels, longest: int, *, upscale: bool = False) -> Pixels:
    """The image resized to a longer side of ``longest`` pixels (Lanczos); smaller ones only with ``upscale``.

    The other side is rounded and has at least one pixel. Pillow computes in integers: equal pixels on every machine.
    A longer side below one pixel is a `UserError`.
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
    """The pixels in a box, with corners rounded (halves up) and included, as the code of R-MAC (Tolias et al.) does.

    Raises
    ------
    UserError: the box is not `inside` the image.
    """
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (int(np.floor(value + 0.5)) for value in inside(box, width, height))
    return np.ascontiguousarray(image[y1 : y2 + 1, x1 : x2 + 1])


def full_box(path: str | Path) -> Box:
    """The box that covers an image, whose size is read from its file."""
    width, height = size(path)
    return (0.0, 0.0, width - 1.0, height - 1.0)


def inside(box: Box, width: int, height: int, *, with_area: bool = False) -> Box:
    """The box cut to the image; it may reach over the edges by `SLACK` of the longer side.

    Boxes that were drawn on a reduced copy may end a pixel outside. A `UserError`: a box further outside, which belongs
    to another image; a far corner that comes first; ``with_area``, one of a single pixel's width or height once cut.
    """
    if len(box) != 4:
        raise UserError(f"a box has {len(box)} numbers; expected four, x1 y1 x2 y2")
    x1, y1, x2, y2 = box
    shown, slack = f"box {x1:g} {y1:g} {x2:g} {y2:g}", max(1.0, SLACK * max(width, height))
    if x1 > x2 or y1 > y2:
        raise UserError(f"{shown} has its corners in another order; expected x1 y1 x2 y2, the upper left corner first")
    # Comparisons that a NaN fails too.
    if not (-slack <= x1 <= x2 <= width - 1 + slack and -slack <= y1 <= y2 <= height - 1 + slack):
        raise UserError(
            f"{shown} is not inside the image, {width} x {height} pixels; "
            "expected x1 y1 x2 y2 from 0, in pixels of the image as it was distributed"
        )
    x1, x2 = (min(max(x, 0.0), width - 1.0) for x in (x1, x2))
    y1, y2 = (min(max(y, 0.0), height - 1.0) for y in (y1, y2))
    if with_area and (x1 == x2 or y1 == y2):
        raise UserError(f"{shown} is a box without area; expected opposite corners of the object")
    return x1, y1, x2, y2


@contextmanager
def _opened(path: str | Path) -> Iterator[Image.Image]:
    """The file as a Pillow image; all errors while it is opened and used become one `UserError`."""
    path = Path(path)
    if files.status(path) is None:
        raise UserError(f"{path}: no such image")
    if files.regular(path, "an image").st_size == 0:
        raise UserError(f"{path}: is empty (0 bytes); copy or download the image again")
    too_large = f"{path}: claims more than {LARGEST:,} pixels; make a smaller copy"
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > LARGEST:
                raise UserError(too_large)
            yield image
    except Image.DecompressionBombError:
        raise UserError(too_large) from None
    except UnidentifiedImageError:
        raise UserError(f"{path}: {_what_it_is(path)}") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, RuntimeError, struct.error) as error:
        raise UserError(f"{path}: is cut short or damaged ({error}); copy or download the image again") from error


def _what_it_is(path: Path) -> str:
    """A sentence about a file that is not an image: what it is, and what to do."""
    with open(path, "rb") as file:
        head = file.read(64)
    if head[4:8] == b"ftyp":
        if head[8:12] in _HEIC_BRANDS and not _HEIF:
            return f"is HEIC, which is read where Pillow can: {NEEDS_HEIF}"
        what = "HEIC that is damaged" if head[8:12] in _HEIC_BRANDS else "a film"
    else:
        what = next((what for begin, what in _OTHERS.items() if head.lstrip().startswith(begin)), "")
    found = f", found {what}" if what else ""
    return (
        f"is not an image; expected JPEG, PNG or another format that Pillow reads{found}. "
        "If it should be one, copy or download it again"
    )


def _check_end(path: str | Path, image: Image.Image) -> None:
    if image.format in _JPEG and not jpeg.ends(Path(path).read_bytes()):
        raise OSError("no end of the image in it")


def _check_data(path: str | Path, image: Image.Image) -> None:
    """Raise an OSError if data are missing; the image is decoded."""
    if image.format in _JPEG and jpeg.may_be_filled(image) and not jpeg.has_all_data(Path(path).read_bytes()):
        raise OSError("its data end before the image does")


def _check_depth(path: str | Path, image: Image.Image) -> None:
    if image.mode == "F" or (image.mode == "I" and image.format != "PPM"):
        raise UserError(f"{path}: has 32 bits a pixel, of which none is white; save it with 8 or 16 bits a channel")
    if image.format == "JPEG2000" and image.mode.startswith("RGB") and _bits_of_jpeg2000(Path(path)) > 8:
        # Pillow's white of more than 8 bits in colour runs over to black.
        raise UserError(f"{path}: is JPEG 2000 with more than 8 bits a colour; save it with 8 bits, or as PNG or TIFF")
    if image.mode in ("LAB", "HSV"):
        raise UserError(f"{path}: has the colours of {image.mode}; save it with those of RGB")


def _bits_of_jpeg2000(path: Path) -> int:
    """Bits of the first channel, from the header that every code stream begins with (SIZ, ISO 15444-1 A.5.1)."""
    data = path.read_bytes()
    at = data.find(b"\xff\x4f\xff\x51") + 42
    return (data[at] & 0x7F) + 1 if 42 <= at < len(data) else 8


def _rgb(image: Image.Image) -> Pixels:
    if image.mode.startswith("I"):  # 16 bits, which Pillow would clip at 255
        levels = np.asarray(image).astype(np.uint32)
        grey = ((levels * 255 + 32767) // 65535).astype(np.uint8)
        if isinstance(clear := image.info.get("transparency"), int):
            grey[levels == clear] = 255
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("RGB"))
