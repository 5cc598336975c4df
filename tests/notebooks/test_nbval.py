"""That nbval, as this project uses it, can fail: on a changed number and on a broken computation, and on nothing else.

The chapters themselves are collected by pytest from ``notebooks/`` (see ``pyproject.toml``): each cell is run again,
and what the cells tagged ``nbval-check-output`` show is compared with what is committed.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import nbclient
import pytest

from vretlib import notebooks, paths

SETUP = """\
import os
from pathlib import Path
import pandas as pd
import torch
from vretlib import paths
from vretlib.report import recorded
paths.RECORDED = Path(os.environ["RECORDED_FOR_TEST"])"""
COMPUTE = """\
images = torch.rand(4, 16, 32, 32, generator=torch.Generator().manual_seed(0))
kernels = torch.rand(8, 16, 3, 3, generator=torch.Generator().manual_seed(1))
responses = torch.nn.functional.conv2d(images, kernels).amax((2, 3))
table = pd.DataFrame(responses.numpy().astype(float))
float(responses.sum())"""
CHECK = "recorded.check('numbers', table, 1e-3, title='Table')"
OPTIONS = ("--nbval-lax", "--nbval-current-env")


def test_pytest_runs_the_chapters_this_way() -> None:
    settings = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert "notebooks" in settings["testpaths"]
    assert set(OPTIONS) <= set(settings["addopts"].split())


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory, write_notebook: Callable[..., Path]) -> dict[str, str]:
    """What nbval says of one notebook in three states, on another kind of processor and with one thread."""
    folder = tmp_path_factory.mktemp("nbval")
    recorded = {name: folder / name for name in ("right", "changed")}
    path = write_notebook(folder / "reference.ipynb", SETUP, COMPUTE, CHECK)
    reference = notebooks.read(path)
    reference.cells[-1].metadata.tags = ["nbval-check-output"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECORDED_FOR_TEST", str(recorded["right"]))
        patch.setenv("VRETLIB_RECORD", "1")
        nbclient.NotebookClient(reference, kernel_name="python3").execute()
    shown = reference.cells[-1].outputs[0].data["text/plain"]
    assert shown == "Table: 32 of 32 cells within tolerance"

    record = json.loads((recorded["right"] / "embedded" / "numbers.json").read_text())
    row = record["cells"]["0"]
    row["3"] += 0.01
    (recorded["changed"] / "embedded").mkdir(parents=True)
    (recorded["changed"] / "embedded" / "numbers.json").write_text(json.dumps(record))

    def state(name: str, old: str = "", new: str = "") -> None:
        notebook = notebooks.normalised(reference)
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new) if old else cell.source
        notebooks.write(notebook, folder / f"{name}.ipynb")

    path.unlink()
    state("same")
    state("changed_number", 'os.environ["RECORDED_FOR_TEST"]', repr(str(recorded["changed"])))
    state("broken_computation", "amax", "mean")
    command = [
        sys.executable,
        "-m",
        "pytest",
        *OPTIONS,
        "-rA",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    weaker = {
        "ATEN_CPU_CAPABILITY": "default",
        "OMP_NUM_THREADS": "1",
        "RECORDED_FOR_TEST": str(recorded["right"]),
    }
    done = subprocess.run(command, cwd=folder, env=os.environ | weaker, text=True, capture_output=True, check=False)
    found = re.findall(r"^(PASSED|FAILED) (\w+)\.ipynb::Cell (\d+)", done.stdout, re.MULTILINE)
    assert len(found) == 9, done.stdout
    return {f"{name} {cell}": verdict for verdict, name, cell in found}


def of(verdicts: dict[str, str], name: str) -> list[str]:
    return [verdict for key, verdict in sorted(verdicts.items()) if key.startswith(name)]


def test_an_unchanged_page_passes_on_another_processor_and_another_number_of_threads(
    verdicts: dict[str, str],
) -> None:
    assert of(verdicts, "same") == ["PASSED", "PASSED", "PASSED"]


def test_a_changed_recorded_number_fails_where_it_is_checked(verdicts: dict[str, str]) -> None:
    assert of(verdicts, "changed_number") == ["PASSED", "PASSED", "FAILED"]


def test_a_broken_computation_fails_though_every_cell_runs(verdicts: dict[str, str]) -> None:
    assert of(verdicts, "broken_computation") == ["PASSED", "PASSED", "FAILED"]
