import os
import subprocess
import sys
from pathlib import Path

import pytest


def asked(**variables: str) -> subprocess.CompletedProcess[str]:
    code = "from vretlib import paths; print(paths.CACHE, paths.RESULTS, paths.ROOT)"
    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("variable", ["VRETLIB_CACHE", "VRETLIB_RESULTS"])
def test_a_home_folder_that_nobody_has_is_one_line_that_names_the_variable(variable: str) -> None:
    done = asked(**{variable: "~nobody-here/x"})
    assert done.returncode == 1
    assert done.stderr == f"error: {variable}=~nobody-here/x: no such home folder; give a path\n"


def test_a_name_that_no_file_system_takes_is_one_line_too() -> None:
    done = asked(VRETLIB_CACHE="/tmp/" + "a" * 300)
    assert done.returncode == 1
    assert done.stderr.startswith("error: VRETLIB_CACHE=/tmp/aaa")
    assert done.stderr.endswith("File name too long; give another path\n")


def test_a_relative_path_in_a_folder_that_is_gone_is_one_line(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "os.mkdir(sys.argv[1])\nos.chdir(sys.argv[1])\nos.rmdir(sys.argv[1])\n"
        "from vretlib import paths\n"
    )
    variables = os.environ | {"VRETLIB_CACHE": "cache", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "gone")], env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "error: VRETLIB_CACHE=cache: the current folder is gone; give a full path\n"


def test_an_empty_variable_says_nothing() -> None:
    cache, results, root = asked(VRETLIB_CACHE="", VRETLIB_RESULTS="").stdout.split()
    assert (cache, results) == (f"{root}/data/cache", f"{root}/results")


def test_paths_count_from_the_home_folder_and_from_here() -> None:
    cache, results, _ = asked(
        HOME="/home/x", VRETLIB_CACHE="~/cache", VRETLIB_RESULTS="r", NUMBA_CACHE_DIR="/tmp"
    ).stdout.split()
    assert (cache, results) == ("/home/x/cache", os.path.abspath("r"))
