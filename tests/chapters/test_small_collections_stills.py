"""Chapters 2 and 3 on folders of classes that are small, easy, uneven, or hold no example of what a figure shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from vretlib import paths
from vretlib.datasets import registry
from vretlib.errors import UserError

mpl.use("Agg")
pytestmark = pytest.mark.slow

Run = Callable[..., tuple]
Write = Callable[..., Path]

BACKGROUND = "02_background"
NETWORKS = "03_similarity_networks"
SMALL = {
    "image_size": 64, "width": 16, "warm_up_steps": 10, "steps": 10, "refine_steps": 10, "n_pairs": 100, "n_images": 10,
    "n_difficult": 20, "n_triplets": 50, "end_to_end_steps": 2, "end_to_end_size": 64, "target_counts": [0],
    "weights": str(paths.DATA / "weights" / "vgg16.safetensors"),
}  # fmt: skip
QUICK = {"image_size": 64, "n_triplets": 50, "n_centres": 2}
MORE_THAN_FEATURES = 40_000
STUDY = 3  # cells: parameters, their check, the study


def flat(k: int, view: int) -> np.ndarray:
    return np.full((64, 64, 3), 40 + 60 * k + 5 * view, np.uint8)


def noise(k: int, view: int) -> np.ndarray:
    return np.random.default_rng([7, k, view]).integers(0, 255, (64, 64, 3), np.uint8)


def of_any_shape(k: int, view: int) -> np.ndarray:
    rng = np.random.default_rng([k, view])
    high, wide = ((64, 112), (112, 64), (72, 72))[view % 3]
    return np.kron(rng.integers(0, 255, (high // 8, wide // 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)


# Chapter 2


def test_two_classes_of_two_run_through_chapter_2_and_say_what_is_missing(run_page: Run, class_folder: Write) -> None:
    """Noise has no neighbours, so the one right image among three others comes at a random place.

    With the query counted, an AP is at least .708 in any order; without it, .472 on average over the orders.
    """
    own = class_folder("two", {"cup": 2, "pen": 2}, noise)
    page = run_page(BACKGROUND, own, n_words=MORE_THAN_FEATURES, **QUICK)
    assert "two: 4 queries; the last, number 3, is followed" in page.shown
    assert "two: classes too small to learn a similarity from" in page.shown
    assert "OASIS, where it learned and where it did not" in page.left_out()
    assert {"first_rankings", "whitening", "all_ranks", "overview", "by_landmark", "centaur"} <= page.figures().keys()
    assert "query image left out of the ranking" in page.figures()["all_ranks"]

    assert f"n_words={MORE_THAN_FEATURES}" in page.left_out()["words"]  # what needs words is left out alone
    assert "keypoints" in page.figures()

    rows = [line.split(",") for line in page.tables()["mAP of one ranking by four protocols"].splitlines()]
    value = {(row[0], row[1]): float(row[3]) for row in rows[1:]}
    assert value["trapezoid", "in"] > 0.7 > 0.6 > value["trapezoid", "out"]
    headline = csv.DictReader(io.StringIO(page.tables()["Descriptions and similarities"]))
    (shown,) = (
        float(cell["obtained"])
        for cell in headline
        if cell["row"] == "R-MAC, whitened" and cell["column"] == "mAP|cosine"
    )
    assert shown == pytest.approx(value["trapezoid", "out"])


def test_flat_images_have_no_local_features_and_the_rest_of_chapter_2_goes_on(
    run_page: Run, class_folder: Write
) -> None:
    page = run_page(BACKGROUND, class_folder("flat", {"dark": 4, "light": 4}, flat), **QUICK)
    left_out = page.left_out()
    assert {"As Fig 2.1", "Sensitivity of patches", "keypoints", "matches", "words", "vlad"} <= left_out.keys()
    assert left_out["words"].startswith("training part of flat has 0 local features in 4 images")
    assert "mac_maxima" in page.figures()
    assert "SIFT" not in page.tables()["Descriptions and similarities"]


def test_classes_of_odd_names_and_sizes_and_images_of_any_shape(run_page: Run, class_folder: Write) -> None:
    """One class is a single image; names have what formulas, Markdown and tables take for their own."""
    sizes = {"$x_1$ & co": 5, "single": 1, "a|b": 3, "<b>é<": 12}
    page = run_page(BACKGROUND, class_folder("odd|na$me", sizes, of_any_shape), n_words=8, **QUICK)
    assert "not asked for: single" in page.shown
    assert {"by_landmark", "centaur", "collection"} <= page.figures().keys()
    learned = page.tables()["OASIS, where it learned and where it did not"]
    assert "other images of these classes|I" in learned
    assert "new buildings" not in learned


# Chapter 3


def test_five_classes_of_six_run_through_chapter_3_beside_no_published_number(
    run_page: Run, class_folder: Write
) -> None:
    page = run_page(NETWORKS, class_folder("OX5K", {f"c{k}": 6 for k in range(5)}), **SMALL)
    titles = page.tables().keys()
    assert {"As Table 3.1", "As Table 3.2", "As Table 3.3"} <= titles
    assert not any(title.startswith("Table 3") for title in titles)
    assert "training part of OX5K|OX5K" in page.tables()["As Table 3.2"]
    assert {"Table 3.4", "Table 3.5", "Claims", "Seen and unseen"} <= page.left_out().keys()
    assert "OXFORD5K" not in "".join(page.tables().values()) + "".join(page.figures().values())
    assert not (page.folder / "claims.json").exists()


def test_a_class_of_four_and_another_of_three_are_enough_for_chapter_3(run_page: Run, class_folder: Write) -> None:
    page = run_page(NETWORKS, class_folder("least", {"cup": 4, "pen": 3, "one": 1}), **SMALL)
    assert "learning from pixels needs two classes with two images each" in page.shown
    assert "MAC|SimNet" in page.tables()["As Table 3.3"].replace(" (1st)", "")
    assert "curves" in page.figures()


# What cannot work is said in the study's cell


@pytest.mark.parametrize("chapter", [BACKGROUND, NETWORKS])
@pytest.mark.parametrize(
    ("classes", "told"),
    [
        ({"cup": 5}, "expected a folder of class folders, at least two"),
        ({"cup": 1, "pen": 1, "pin": 1}, "none of 3 classes has two images, so no query has positives"),
    ],
)
def test_a_folder_that_cannot_be_asked_fails_at_once(
    run_page: Run, class_folder: Write, chapter: str, classes: dict[str, int], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        run_page(chapter, class_folder("own", classes), cells=STUDY)


@pytest.mark.parametrize("sizes", [(3, 3, 3), (2, 2), (30, 1), (9, 2)])
def test_chapter_3_says_at_once_that_nothing_can_be_learned(
    run_page: Run, class_folder: Write, sizes: tuple[int, ...]
) -> None:
    own = class_folder("own", {f"c{k}": n for k, n in enumerate(sizes)}, flat)
    with pytest.raises(UserError, match=r"training part of own: .*expected two classes, one of them|no images"):
        run_page(NETWORKS, own, cells=STUDY)


@pytest.mark.parametrize("chapter", [BACKGROUND, NETWORKS])
def test_an_image_of_one_row_is_named_at_once(run_page: Run, class_folder: Write, chapter: str) -> None:
    def rows(k: int, view: int) -> np.ndarray:
        return np.zeros((1 if (k, view) == (1, 2) else 64, 300, 3), np.uint8)

    own = class_folder("own", {"cup": 6, "pen": 6}, rows)
    with pytest.raises(UserError, match=r"pen/2\.png: the image has .* x 1 pixels.*vgg16 needs 32 on each side"):
        run_page(chapter, own, cells=STUDY, image_size=256)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"followed": 4}, "followed=4: own has 4 queries, 0 to 3"),
        ({"followed": 10**6}, "followed=1000000: own has 4 queries"),
        ({"collection": "OX5K"}, 'collection="OX5K": this study has own; leave it empty for the first'),
    ],
)
def test_what_a_folder_does_not_have_is_refused_at_once(
    run_page: Run, class_folder: Write, given: dict[str, object], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        run_page(BACKGROUND, class_folder("own", {"cup": 2, "pen": 2}), cells=STUDY, **given)


def test_verifying_a_folder_tells_the_same(class_folder: Write) -> None:
    good = [finding.line for finding in registry.verify("landmarks", class_folder("own", {"cup": 2, "pen": 1}))]
    assert any("classes too small to learn a similarity from" in line for line in good)
    bad = [f for f in registry.verify("landmarks", class_folder("own", {"cup": 1, "pen": 1})) if not f.good]
    assert ["none of 2 classes has two images" in finding.line for finding in bad] == [True]
