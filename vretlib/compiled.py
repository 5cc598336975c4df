"""The folder in which numba stores compiled kernels, and checks of its files.

Numba notices changes in the file of a kernel, but not in other files that the kernel calls, and would run old code
after an update. The folder is therefore named after the source of all kernels. Numba does not notice damaged files
either. A process writes the checksums of the files beside the folder when it ends; a file with another checksum is
removed and compiled anew. A file that was written again in the meantime is not judged: another process, which still
runs, has added a kernel for other types to it.
"""

import atexit
import hashlib
import json
import logging
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from vretlib import paths

log = logging.getLogger(__name__)

_ROOM = 2**26  # bytes; all kernels take 5 MB, and one that cannot be kept is an error of numba's


def prepare() -> None:
    """Set the folders of numba and matplotlib, before either is imported. Folders set by the user are respected."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or paths.CACHE / "numba" / _sources())
    if not _may_write(folder):
        elsewhere = _temporary(folder)
        log.warning(
            "vretlib: %s cannot be written or has no room, so kernels are compiled anew each time; "
            "set VRETLIB_CACHE, or NUMBA_CACHE_DIR, to a folder that can be",
            folder,
        )
        folder = elsewhere
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if folder.is_relative_to(paths.CACHE):
        remove_damaged(folder)
        atexit.register(keep_checksums, folder)
    if "MPLCONFIGDIR" not in os.environ and not all(map(_may_write, _of_matplotlib())):
        own = paths.CACHE / "matplotlib"
        os.environ["MPLCONFIGDIR"] = str(own if _may_write(own) else folder)


def remove_damaged(folder: Path) -> None:
    """Remove files whose checksum has changed though nobody has written them since, with a warning."""
    now, kept = _sums(folder), _kept(folder)
    damaged = [
        name
        for name, (written, sha) in now.items()
        if name in kept and kept[name][0] == written and kept[name][1] != sha
    ]
    for name in damaged:
        with suppress(OSError):
            (folder / name).unlink()
    if damaged:
        more = f" and {len(damaged) - 1} more" if len(damaged) > 1 else ""
        log.warning("compiled kernels: damaged or replaced (%s%s), made anew", damaged[0], more)


def keep_checksums(folder: Path) -> None:
    """Store the checksums of the current files."""
    sums = _sums(folder)
    if sums != _kept(folder):
        with suppress(OSError):  # without checksums, damaged files are not noticed
            partial = _beside(folder).with_suffix(f".{os.getpid()}.partial")
            partial.write_text(json.dumps(sums), encoding="utf-8")
            os.replace(partial, _beside(folder))


def _sources() -> str:
    package = Path(__file__).parent
    sources = sorted(path for folder in ("search", "video") for path in (package / folder).glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _sums(folder: Path) -> dict[str, tuple[int, str]]:
    """The time of writing, in ns, and the checksum of numba's files by their paths in the folder."""
    sums = {}
    for path in sorted(folder.rglob("*.nb[ic]")):
        with suppress(OSError), open(path, "rb") as file:  # another process may just have replaced it
            written = os.fstat(file.fileno()).st_mtime_ns
            sums[path.relative_to(folder).as_posix()] = written, hashlib.sha256(file.read()).hexdigest()
    return sums


def _beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _kept(folder: Path) -> dict[str, tuple[int, str]]:
    try:
        kept = json.loads(_beside(folder).read_text(encoding="utf-8"))
        return {name: (written, sha) for name, (written, sha) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _may_write(folder: Path) -> bool:
    """Whether the folder, or its nearest existing parent, can be written and has room for compiled kernels."""
    try:
        there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
        return there.is_dir() and os.access(there, os.W_OK | os.X_OK) and shutil.disk_usage(there).free > _ROOM
    except OSError:
        return False


def _temporary(instead_of: Path) -> Path:
    try:
        made = Path(tempfile.mkdtemp(prefix="vretlib-"))
    except OSError:
        raise SystemExit(
            f"error: {instead_of}: cannot be written, nor can any temporary folder; "
            "set VRETLIB_CACHE, or NUMBA_CACHE_DIR, to a folder that can be"
        ) from None
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def _of_matplotlib() -> list[Path]:
    """Matplotlib's default folders; it warns if it cannot write there."""
    home = Path(os.path.expanduser("~"))
    if sys.platform != "linux":
        return [home / ".matplotlib"]
    places = {"XDG_CONFIG_HOME": home / ".config", "XDG_CACHE_HOME": home / ".cache"}
    return [Path(os.environ.get(name) or place) / "matplotlib" for name, place in places.items()]
