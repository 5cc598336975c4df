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
import nbformat
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
def verdicts(tmp_path_factory: pytest.TempPathFactory, write_notebook: Callable[..., Path]) -> dict[str, list[str]]:
    """What nbval says of a page as it was, of one whose record has changed, and of one whose computation is broken.

    The three are parts of one notebook, because each kernel that imports torch takes seconds. It runs with one thread
    on another kind of processor.
    """
    folder = tmp_path_factory.mktemp("nbval")
    recorded = {name: folder / name for name in ("right", "changed")}
    path = write_notebook(folder / "reference.ipynb", SETUP, COMPUTE, CHECK)
    reference = notebooks.read(path)
    reference.cells[-1].metadata.tags = ["nbval-check-output"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECORDED_FOR_TEST", str(recorded["right"]))
        patch.setenv("VRETLIB_RECORD", "1")
        patch.setenv("OMP_NUM_THREADS", "2")
        nbclient.NotebookClient(reference, kernel_name="python3").execute()
    shown = reference.cells[-1].outputs[0].data["text/plain"]
    assert shown == "Table: 32 of 32 cells within tolerance"

    record = json.loads((recorded["right"] / "embedded" / "numbers.json").read_text())
    row = record["cells"]["0"]
    row["3"] += 0.01
    (recorded["changed"] / "embedded").mkdir(parents=True)
    (recorded["changed"] / "embedded" / "numbers.json").write_text(json.dumps(record))

    def part(old: str = "", new: str = "") -> list[nbformat.NotebookNode]:
        cells = notebooks.code_cells(notebooks.normalised(reference))
        for cell in cells:
            cell.id = f"{cell.id}-{len(whole.cells)}"
            cell.source = cell.source.replace(old, new) if old else cell.source
        return cells

    path.unlink()
    whole = notebooks.normalised(reference)
    whole.cells = []
    whole.cells += part()
    whole.cells += part('os.environ["RECORDED_FOR_TEST"]', repr(str(recorded["changed"])))
    whole.cells += part("amax", "mean")
    notebooks.write(whole, folder / "page.ipynb")
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
    found = {int(n): verdict for verdict, n in re.findall(r"^(PASSED|FAILED) page\.ipynb::Cell (\d+)", done.stdout, re.M)}
    assert sorted(found) == list(range(9)), done.stdout
    parts = ("same", "changed_number", "broken_computation")
    return {name: [found[3 * k + cell] for cell in range(3)] for k, name in enumerate(parts)}


def test_an_unchanged_page_passes_on_another_processor_and_another_number_of_threads(
    verdicts: dict[str, list[str]],
) -> None:
    assert verdicts["same"] == ["PASSED", "PASSED", "PASSED"]


def test_a_changed_recorded_number_fails_where_it_is_checked(verdicts: dict[str, list[str]]) -> None:
    assert verdicts["changed_number"] == ["PASSED", "PASSED", "FAILED"]


def test_a_broken_computation_fails_though_every_cell_runs(verdicts: dict[str, list[str]]) -> None:
    assert verdicts["broken_computation"] == ["PASSED", "PASSED", "FAILED"]
