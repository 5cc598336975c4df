"""Kernels stay within their arrays: their tests once more, compiled with every index checked."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vretlib import paths, sources

ROOT = Path(__file__).parents[1]
TESTS = (
    "search/test_binary_ivf.py", "search/test_binary_kdtree.py", "search/test_float_kdtree.py",
    "search/test_frame_search.py", "search/test_hamming.py", "search/test_coarse_to_fine.py", "search/test_exact.py",
    "evaluation/test_ranking.py", "models/test_oasis.py", "video/test_tracks.py", "video/test_key_features.py",
    "search/test_packed_codes.py", "evaluation/test_hamming.py", "models/hashing/test_bre.py", "test_borders.py",
)  # fmt: skip


@pytest.mark.slow
def test_no_kernel_reads_outside_its_arrays():
    """numba leaves the check out as a rule; its cache does not know whether code has it, so this has its own."""
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(_checked_kernels())}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        *(f"tests/{test}" for test in TESTS),
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def _checked_kernels() -> Path:
    """A folder named after the kernels' code and all that it imports; compiling takes most of this test's time."""
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "vretlib").rglob("*.py")
        if "njit" in path.read_text(encoding="utf-8")
    )
    code = hashlib.sha256(repr([sources.hashes(module) for module in modules]).encode()).hexdigest()[:12]
    folder = paths.CACHE / "numba" / f"checked-{code}"
    for old in folder.parent.glob("checked-*"):
        if not old.name.startswith(folder.name):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    return folder
