"""The index of a video file: the pictures that it shows, their order and their times. All readers of frames use it.

Frame k is the k-th picture that is shown. The index is made in one of two ways:

- **From the packets**, where their times can be trusted: MP4 and Matroska files in which every picture has its own
  time, which begin at a key frame, and whose first packets give one picture each by ascending time. The cost is one
  pass over the packets, about 200,000 frames a second, and the decoding of a few pictures.
- **By decoding**, for all other files: AVI (its times are those of decoding), transport and program streams (recordings
  that begin anywhere, joined recordings, one packet per field), Flash, Windows Media and others. The frames are the
  pictures that the decoder gives, in its order, as in ``ffmpeg -fps_mode passthrough``. The cost is one pass of
  decoding when a file is opened first: about 1 minute for an hour of 360 lines (measured: 7 s for 14,315 frames), 5 to
  10 minutes for an hour of 1080. The pass uses one thread, because several threads lose pictures and hide errors where
  a picture cannot be decoded.

The index is kept in memory until the file changes.
"""

from functools import lru_cache
from pathlib import Path

from vretlib.video import indexing
from vretlib.video.frame_index import PacketIndex
from vretlib.video.opening import regular_file


def packet_index(path: str | Path) -> PacketIndex:
    """The index of a file, kept in memory until the file changes; the module's text states the cost.

    Raises
    ------
    UserError: the file is not a readable video, or none of its pictures can be decoded.
    """
    return _index(*_identity(path))


def index_by_decoding(path: str | Path) -> PacketIndex:
    """The index of a file made by decoding, with what is damaged; kept in memory until the file changes."""
    return _decoded_index(*_identity(path))


def use_decoding(path: str | Path) -> PacketIndex:
    """The index of a file made by decoding, which `packet_index` returns from now on.

    It is for files whose packets turn out to promise other pictures than the decoder gives.
    """
    _by_decoding_only.add(_identity(path))
    _index.cache_clear()
    return packet_index(path)


def _identity(path: str | Path) -> tuple[Path, int, int]:
    """Path, ctime and size: the ctime changes even where another file is given the same size and mtime."""
    status = regular_file(path)
    return Path(path), status.st_ctime_ns, status.st_size


_by_decoding_only: set[tuple[Path, int, int]] = set()


@lru_cache(maxsize=512)
def _index(path: Path, modified: int, size: int) -> PacketIndex:
    if (path, modified, size) in _by_decoding_only:
        return _decoded_index(path, modified, size)
    return indexing.by_packets(path) or _decoded_index(path, modified, size)


@lru_cache(maxsize=512)
def _decoded_index(path: Path, _modified: int, _size: int) -> PacketIndex:
    return indexing.by_decoding(path)
