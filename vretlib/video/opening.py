"""Opening a video file: its container and its video stream, or one sentence that says what the file is instead."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from vretlib.errors import UserError

ADVICE = "Play it to check it, or convert it again (for example with ffmpeg) from its source."

_LISTS = ("hls", "dash", "concat", "sdp", "imf")
"""Formats that name other files instead of holding pictures; they are refused."""


def regular_file(path: str | Path) -> os.stat_result:
    """Status of a regular file; pipes and devices are refused, so that reading never waits.

    Raises
    ------
    UserError: no such file, not allowed, a folder, a pipe, a device, a socket, or an empty file.
    """
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"{path}: no such file; expected a video. Check the path.") from None
    except PermissionError:
        raise UserError(f"{path}: its folder may not be read; expected a video. Change the permissions.") from None
    except (OSError, ValueError, TypeError) as error:  # too long, a loop of links, a null character, no text
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{str(path)[:200]}: is no path of a file ({reason}); expected a video.") from None
    if stat.S_ISDIR(status.st_mode):
        raise UserError(f"{path}: is a folder; expected one video file. Give the path of a file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise UserError(f"{path}: is a pipe or a device and no file; expected a video. Save it to a file first.")
    if status.st_size == 0:
        raise UserError(f"{path}: the file is empty (0 bytes); expected a video. Copy or download it again.")
    return status


@contextmanager
def open_video(path: str | Path, **options: str) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Container and first video stream of a file that is not cover art, or a UserError that says what the file is.

    Parameters
    ----------
    options: FFmpeg's options for the container.
    """
    regular_file(path)
    with _opened(Path(path), options) as container:
        yield container, _pictures_of(Path(path), container)


def _opened(path: Path, options: dict[str, str]) -> InputContainer:
    try:
        # "file:" keeps a colon in a name from being taken for a protocol. Tags may be in any encoding.
        return av.open(f"file:{path}", metadata_errors="replace", options=options | {"protocol_whitelist": "file"})
    except (av.error.PermissionError, PermissionError) as error:
        raise UserError(f"{path}: may not be read; expected a video. Change the file's permissions.") from error
    except UnicodeEncodeError as error:
        raise UserError(f"{str(path)!r}: its name is not UTF-8; expected a video. Rename the file.") from error
    except (av.error.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"{path}: cannot be opened as a video ({reason}); it is another kind of file, or its "
            f"index is missing because it was cut short. {ADVICE}"
        ) from error


def _pictures_of(path: Path, container: InputContainer) -> VideoStream:
    kinds = set(container.format.name.split(","))
    if kinds & set(_LISTS):
        raise UserError(f"{path}: is a list of other files and no video. Give a file with pictures.")
    if container.format.name.endswith("_pipe") or kinds & {"image2", "tty"}:
        raise UserError(f"{path}: is a single image or a text and no video. Give a file with moving pictures.")
    covers = [s for s in container.streams.video if s.disposition & av.stream.Disposition.attached_pic]
    streams = [s for s in container.streams.video if s not in covers]
    if not streams:
        held = ", ".join(sorted({s.type or "data" for s in container.streams if s not in covers})) or "nothing"
        cover = ", with a cover picture," if covers else ""
        raise UserError(f"{path}: holds {held}{cover} and no video stream. Give a file with pictures.")
    for stream in streams:
        if stream.codec_context is not None:
            return stream
    raise UserError(f"{path}: FFmpeg has no decoder for its pictures' codec. Convert it, for example to H.264 in mp4.")
