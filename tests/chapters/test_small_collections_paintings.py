"""Chapter 7 on SemArt's files as distributed, written by the test for a few dozen small paintings."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from PIL import Image

from embedded.paintings import works
from vretlib import paths
from vretlib.datasets.paintings.semart import COLUMNS, IMAGES, TABLES

mpl.use("Agg")
pytestmark = pytest.mark.slow

SMALL = {
    "networks": ["resnet50"], "weights": str(paths.DATA / "weights" / "resnet50.safetensors"), "image_side": 64,
    "region_side": 96, "sentence_dims": 4, "text_sizes": [8, 4], "steps": 4, "seeds": [0], "n_questions": 3,
}  # fmt: skip
PARTS = {"train": 40, "val": 6, "test": 14}
HEADINGS = (COLUMNS.image, COLUMNS.text, COLUMNS.title, *COLUMNS.attributes.values())


@pytest.fixture(scope="module")
def semart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SemArt's folder; the first training image is missing, the second test image is empty."""
    root = tmp_path_factory.mktemp("semart")
    (root / IMAGES).mkdir()
    number = 0
    for part, n in PARTS.items():
        lines = ["\t".join(HEADINGS)]
        for k in range(n):
            work, name = works.work(0, number), f"{part}-{k}.jpg"
            Image.fromarray(works.picture(work, 72)).save(root / IMAGES / name)
            known = (work.attributes.get(attribute, "-") for attribute in COLUMNS.attributes)
            lines.append("\t".join([name, work.comment, work.title, *known]))
            number += 1
        (root / TABLES[part]).write_bytes("\n".join(lines).encode("cp1252", "replace"))
    (root / IMAGES / "train-0.jpg").unlink()
    (root / IMAGES / "test-1.jpg").write_bytes(b"")
    return root


def test_the_page_runs_on_semart_as_distributed_and_counts_what_is_missing(
    run_page: Callable[..., tuple], semart: Path
) -> None:
    page = run_page("07_semantic_art", semart, **{"dataset": "semart"}, **SMALL)
    assert "SemArt, 39 / 6 / 13 paintings; 2 rows without an image" in page.shown
    table = pd.read_csv(io.StringIO(page.tables()["Table 7.5"])).set_index(["row", "column"])["obtained"]
    assert table["Random|-|-", "Text-to-Image|R@5"] == pytest.approx(5 / 13)
    assert 1 <= table["CML|BOWc|BOWa", "Text-to-Image|MR"] <= 13
