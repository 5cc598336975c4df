"""Chapter 11 on a folder of a few images, among them one without a proposal and one that is smaller than a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from tests.chapters.conftest import drawn
from vretlib.datasets import instances
from vretlib.features import detector, detector_files
from vretlib.features.detector_parts import STRIDE

mpl.use("Agg")
pytestmark = pytest.mark.slow

PAGE = "11_instance_search"
SMALL = {"short_side": 64, "long_side": 96, "n_proposals": 8, "steps": 1}
STRIP, SPECK = (300, 3), (8, 8)
"""Widths and heights: in the network, the first is one pixel high; the second is half a cell wide as it is read."""


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vretlib.paths.CACHE", tmp_path_factory.mktemp("cache"))
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five images: the first query is a strip, and its object is asked for once; boxes reach the images' edges."""
    root = tmp_path_factory.mktemp("folders") / "desk"
    (root / "images").mkdir(parents=True)
    for k, size in enumerate([STRIP, (96, 72), (72, 96), SPECK, (96, 72)]):
        Image.fromarray(drawn(k % 2, k, *size) if min(size) > 8 else noise(k, size)).save(root / f"images/{k}.png")
    queries = ["images/0.png,0,0,299,2,pen", "images/1.png,20,10,95,71,cup", "images/3.png,0,0,7,7,cup"]
    relevant = ["pen,images/2.png,0,0,40,95", "pen,images/3.png,,,,", "cup,images/4.png,10,0,95,60"]
    for name, heading, rows in (
        ("queries.csv", "image,x1,y1,x2,y2,instance", queries),
        ("relevant.csv", "instance,image,x1,y1,x2,y2", relevant),
    ):
        (root / name).write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    return root


def noise(seed: int, size: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), np.uint8)


def test_a_few_odd_images_run_through_chapter_11(run_page: Callable[..., tuple], desk: Path) -> None:
    """The page has 100 and 5 for N and M, more than there are images; one class has one example."""
    page = run_page(PAGE, desk, **SMALL)
    assert "desk: desk, 5 images, 3 queries of 2 objects" in page.shown
    assert page.left_out()["RoI pooling"] == "the detector proposes no region in this image"
    assert set(page.left_out()) == {"RoI pooling", "Claims"}
    assert {"query_examples", "proposals", "fig_3", "fig_4", "fig_5"} <= page.figures().keys()
    assert "Localisation" in page.tables()


def test_the_strip_has_no_proposal_and_the_speck_has_some(desk: Path) -> None:
    assert max(SPECK) < STRIDE
    network = detector_files.load("vgg16", "C")
    strip, speck = (
        detector.describe(network, np.asarray(Image.open(desk / f"images/{k}.png")), short_side=64, long_side=96)
        for k in (0, 3)
    )
    assert len(strip.boxes) == 0
    assert len(speck.boxes) > 0
    assert instances.load("folder", root=desk).queries[0].path.name == "0.png"
