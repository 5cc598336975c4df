"""Which pictures a video file shows, in which order and when: the index that every reader of frames goes by.

Frame k is the k-th picture that is shown. There are two ways to know it:

- **From the packets**, where their times can be trusted: MP4 and Matroska whose every picture has a time of its own,
  that begin at a key frame, and whose first pictures leave the decoder one for each packet and by ascending time. One
  pass over the packets, about 200,000 frames a second, and a few pictures decoded.
- **By decoding**, for everything else: AVI (its times are those of decoding), transport and program streams (recordings
  that begin anywhere, several joined, one packet per field), Flash, Windows Media and what else there is. What the
  decoder gives, in the order in which it gives it, are the frames, as in ``ffmpeg -fps_mode passthrough``. It costs one
  pass of decoding on one thread when a file is first looked at: about 1 minute for an hour of 360 lines (measured: 7 s
  for 14,315 frames), 5 to 10 for an hour of 1080. One thread, because several lose pictures and swallow errors where
  one cannot be decoded.

Either is kept in memory until the file changes.
"""

from functools import lru_cache
from pathlib import Path

from vretlib.video import indexing
from vretlib.video.frame_index import PacketIndex, packets_from
from vretlib.video.opening import open_video, regular_file

__all__ = ["PacketIndex", "distrust", "index_by_decoding", "open_video", "packet_index", "packets_from"]


def packet_index(path: str | Path) -> PacketIndex:
    """The frames of a file; remembered until it changes. See the module for what it costs.

    Raises
    ------
    UserError: the file is no video that can be read, or not one of its pictures can be decoded.
    """
    return _index(*_identity(path))


def index_by_decoding(path: str | Path) -> PacketIndex:
    """The frames of a file as the decoder gives them, and what is damaged; remembered until the file changes."""
    return _decoded_index(*_identity(path))


def distrust(path: str | Path) -> PacketIndex:
    """From now on, this file's frames are known by decoding: its packets told something else than its pictures."""
    _distrusted.add(_identity(path))
    _index.cache_clear()
    return packet_index(path)


def _identity(path: str | Path) -> tuple[Path, int, int]:
    """What changes with the file: its ctime too, which nobody sets, where another one is given its size and mtime."""
    status = regular_file(path)
    return Path(path), status.st_ctime_ns, status.st_size


_distrusted: set[tuple[Path, int, int]] = set()


@lru_cache(maxsize=512)
def _index(path: Path, modified: int, size: int) -> PacketIndex:
    if (path, modified, size) in _distrusted:
        return _decoded_index(path, modified, size)
    return indexing.by_packets(path) or _decoded_index(path, modified, size)


@lru_cache(maxsize=512)
def _decoded_index(path: Path, _modified: int, _size: int) -> PacketIndex:
    return indexing.by_decoding(path)
