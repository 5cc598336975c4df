"""Kernels stay within their arrays: their tests once more, compiled with every index checked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = (
    "search/test_binary_ivf.py", "search/test_binary_kdtree.py", "search/test_float_kdtree.py",
    "search/test_frame_search.py", "search/test_hamming.py", "search/test_coarse_to_fine.py", "search/test_exact.py",
    "evaluation/test_ranking.py", "models/test_oasis.py", "video/test_tracks.py", "video/test_key_features.py",
    "search/test_packed_codes.py", "evaluation/test_hamming.py", "models/hashing/test_bre.py", "test_borders.py",
)  # fmt: skip


@pytest.mark.slow
def test_no_kernel_reads_outside_its_arrays(tmp_path):
    """numba leaves the check out as a rule; its cache does not know whether code has it, so this has its own."""
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
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
