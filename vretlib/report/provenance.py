"""The provenance of numbers: code, versions, machine, threads, seed, data, weights and time.

These facts differ from run to run and are never compared.
"""

import hashlib
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from vretlib import paths
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.report import escaping

PACKAGES = ("numpy", "numba", "torch", "opencv-contrib-python-headless", "av", "pandas", "scikit-learn", "matplotlib")


@dataclass(frozen=True, repr=False)
class Provenance:
    """Facts by name; a notebook shows them as a small table."""

    facts: Mapping[str, Any] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, str]]:
        """Name and text of each fact that is not empty."""
        return [(name, _text(value)) for name, value in self.facts.items() if value not in ("", None, {}, [])]

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th style="text-align:left">{escaping.html(name)}</th>'
            f'<td style="text-align:left">{escaping.html(text)}</td></tr>'
            for name, text in self.lines()
        )
        return f'<table style="font-size:85%">{rows}</table>\n'

    def __repr__(self) -> str:
        width = max((len(name) for name, _ in self.lines()), default=0)
        return "\n".join(f"{name:{width}}  {text}" for name, text in self.lines())


def footer(
    *,
    seed: int | None = None,
    seconds: float | None = None,
    data: Mapping[str, str | Path] | None = None,
    weights: Mapping[str, str | Path] | None = None,
) -> Provenance:
    """All facts about this run.

    ``data`` and ``weights`` map names to files and folders, of which the SHA-256 is shown, or to texts such as a known
    checksum, which are shown unchanged. A Path that does not exist is a UserError.
    """
    return Provenance(
        {
            **environment(),
            "threads": _threads(),
            "seed": seed,
            "data": {name: _fingerprint(source) for name, source in (data or {}).items()},
            "weights": {name: _fingerprint(source) for name, source in (weights or {}).items()},
            "peak memory (MiB)": _peak_mib(),
            "seconds": None if seconds is None else round(seconds, 1),
        }
    )


def environment() -> dict[str, Any]:
    """Commit, versions and machine, which do not depend on parameters."""
    return {
        "commit": _commit(),
        "versions": {"python": platform.python_version(), **{p: v for p in PACKAGES if (v := _version(p))}},
        "machine": {"cpu": _cpu(), "cores": os.cpu_count(), "gpu": _gpu(), "system": platform.platform(terse=True)},
    }


_RESULTS = ":(exclude)data/recorded"
"""What a run that records writes itself: later tables and pages of the run are still made by the commit's code."""


def _commit() -> str:
    """The short hash of the commit, with "+ changes" if tracked files other than recorded numbers differ.

    It is "unknown" outside a git checkout.
    """
    try:
        head, changes = (
            subprocess.run(
                ["git", "-C", str(paths.ROOT), *arguments], capture_output=True, text=True, check=True, timeout=20
            ).stdout
            for arguments in (
                ["rev-parse", "--short=12", "HEAD"],
                ["status", "--porcelain", "--untracked-files=no", "--", ".", _RESULTS],
            )
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return head.strip() + (" + changes" if changes.strip() else "")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _gpu() -> str:
    torch = sys.modules.get("torch")
    return torch.cuda.get_device_name() if torch and torch.cuda.is_available() else ""


def _threads() -> dict[str, int]:
    """Threads of the libraries that this run has loaded; importing a library for this would be slow."""
    functions = {"torch": "get_num_threads", "numba": "get_num_threads", "cv2": "getNumThreads"}
    return {name: getattr(sys.modules[name], function)() for name, function in functions.items() if name in sys.modules}


def _peak_mib() -> int:
    """Peak of resident memory in MiB, from Linux' status: ``getrusage`` may return the parent's higher peak."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return round(int(line.split()[1]) / 1024)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1024 / (1024 if sys.platform == "darwin" else 1))


def _fingerprint(source: str | Path) -> str:
    """First 16 digits of the SHA-256 of a file, or of the names and checksums in a folder; texts stay unchanged."""
    if isinstance(source, str):
        return source
    if source.is_file():
        return checksum(source)[:16]
    if not source.is_dir():
        raise UserError(f"{source}: no such file or folder; expected the data or weights of this run")
    files = sorted(p for p in source.rglob("*") if p.is_file())
    listing = "\n".join(f"{p.relative_to(source).as_posix()} {checksum(p)}" for p in files)
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {inner}" for name, inner in value.items() if inner not in ("", None))
    return str(value)
