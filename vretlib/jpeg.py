"""Checks that a JPEG is complete; Pillow and libjpeg fill missing parts without an error."""

import re

import av
from PIL import Image

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker of JPEG; inside a scan, bytes of FF are followed by 00, or by D0 to D7 between its parts."""

_END, _START = b"\xff\xd9", b"\xff\xd8"

_GREY = frozenset((127, 128))
"""Values that libjpeg gives to pixels without data, in RGB, CMYK and grey images."""


def ends(data: bytes) -> bool:
    """Whether the first image has an end mark before the start of another image.

    If a photograph is cut short, Pillow reads a film, zeros or another photograph that follows as its rest.
    """
    at = 2
    while mark := _MARKER.search(data, at):
        if mark[0] in (_END, _START):
            return mark[0] == _END
        at = mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2])
    return False


def may_be_filled(image: Image.Image) -> bool:
    """Whether the last pixel has the grey with which libjpeg fills missing data.

    Few complete images have this grey there, so few images need `has_all_data`. Two losses leave no grey: missing later
    scans of a progressive JPEG, which only reduce detail, and a part of the last block.
    """
    last = image.getpixel((image.width - 1, image.height - 1))
    return _GREY.issuperset(last if isinstance(last, tuple) else (last,))


def has_all_data(data: bytes) -> bool:
    """Whether FFmpeg, stricter than libjpeg, finds data for all of the image; True if it cannot read this kind."""
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.options = {"err_detect": "explode"}
    try:
        decoder.decode(av.Packet(data))
    except av.error.InvalidDataError:
        return False
    except av.error.FFmpegError:  # a kind of JPEG that only libjpeg knows
        return True
    return True
