"""environment.yml, pyproject.toml and requirements.lock say the same."""

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from vretlib.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIRED = set(PROJECT["dependencies"]) | set(PROJECT["optional-dependencies"]["dev"])
ENVIRONMENT = (ROOT / "environment.yml").read_text()


def conda_pip_packages():
    dependencies = yaml.safe_load(ENVIRONMENT)["dependencies"]
    return next(d["pip"] for d in dependencies if isinstance(d, dict))


def name(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement).group().lower().replace("_", "-")


def test_environment_lists_what_pyproject_requires():
    assert set(conda_pip_packages()) - {"-e ."} == REQUIRED


def test_environment_asks_for_the_same_python():
    assert f"python{PROJECT['requires-python']}" in yaml.safe_load(ENVIRONMENT)["dependencies"]


def test_every_package_says_what_needs_it():
    lines = [line for line in ENVIRONMENT.splitlines() if re.match(r"      - [a-z]", line)]
    assert len(lines) == len(REQUIRED)
    assert [line for line in lines if "  # " not in line] == []


@pytest.mark.parametrize("package", sorted(name(r) for r in REQUIRED))
def test_lock_pins_every_package_with_hashes(package):
    lock = (ROOT / "requirements.lock").read_text()
    entry = re.search(rf"^{re.escape(package)}==\S+.*\\\n(?:    --hash=sha256:[0-9a-f]{{64}}.*\n)+", lock, re.MULTILINE)
    assert entry, f"{package} is not pinned with a hash: make lock"


def planned(folder):
    return subprocess.run(["make", "-n", "test"], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_set_up_that_was_cut_short_goes_on(tmp_path):
    for file in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / ".venv").mkdir()
    assert "pip install --require-hashes" in planned(tmp_path)
    (tmp_path / ".venv" / "ready").touch()
    assert "pip install" not in planned(tmp_path)
