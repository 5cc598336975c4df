"""Whether a JPEG holds its whole image. Pillow and libjpeg fill what is missing and raise no error."""

import re

import av
from PIL import Image

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A JPEG's marker; a scan's bytes of 255 are followed by 0, or by a number from D0 to D7 between its parts."""

_END, _START = b"\xff\xd9", b"\xff\xd8"

_GREY = frozenset((127, 128))
"""Values of a pixel for which libjpeg found no data, in RGB, CMYK and grey images."""


def ends(data: bytes) -> bool:
    """True if the end mark of the first image comes before the start of another one, whatever follows it.

    Pillow takes a film, zeros or another photograph behind a photograph that was cut for the rest of it.
    """
    at = 2
    while mark := _MARKER.search(data, at):
        if mark[0] in (_END, _START):
            return mark[0] == _END
        at = mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2])
    return False


def may_be_filled(image: Image.Image) -> bool:
    """True if the last pixel has the grey with which libjpeg fills an image whose data end early.

    Few whole images have that grey there, so that few need `has_all_data`. Two losses leave no grey: later scans of a
    progressive JPEG, whose picture has less detail without them, and a part of the last block.
    """
    last = image.getpixel((image.width - 1, image.height - 1))
    return _GREY.issuperset(last if isinstance(last, tuple) else (last,))


def has_all_data(data: bytes) -> bool:
    """False if FFmpeg, which is stricter than libjpeg, finds no data for a part of the image. Decodes the image."""
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.options = {"err_detect": "explode"}
    try:
        decoder.decode(av.Packet(data))
    except av.error.InvalidDataError:
        return False
    except av.error.FFmpegError:  # a kind of JPEG that only libjpeg knows
        return True
    return True
