"""Figures of a similarity: what is drawn where, and the intervals around it."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from vretlib.plots import similarities


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


VALUES = pd.DataFrame({"Cosine": [0.4, 0.6], "SimNet*": [0.5, 0.8]}, ["VGG16", "RMAC"])
BOUNDS = VALUES - 0.1, VALUES + 0.05


def test_a_bar_has_its_height_its_number_and_its_interval() -> None:
    ax = similarities.map_by_feature(VALUES, BOUNDS).axes[0]
    bars = sorted((bar.get_x(), bar.get_height()) for bar in ax.patches)
    assert [height for _, height in bars] == [0.4, 0.5, 0.6, 0.8]
    assert [text.get_text() for text in ax.texts] == [".40", ".60", ".50", ".80"]
    ends = sorted(tuple(segment[:, 1]) for lines in ax.collections for segment in lines.get_segments())
    assert np.allclose(ends, [(0.3, 0.45), (0.4, 0.55), (0.5, 0.65), (0.7, 0.85)])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["VGG16", "RMAC"]


def test_a_number_without_interval_is_a_bar_without_a_line() -> None:
    unknown = VALUES * np.nan
    ax = similarities.map_by_feature(VALUES, (unknown, unknown)).axes[0]
    lengths = [np.ptp(segment[:, 1]) for lines in ax.collections for segment in lines.get_segments()]
    assert lengths == [0, 0, 0, 0]


def test_the_curve_of_a_panel_has_a_band_and_the_cosine_is_dashed() -> None:
    values = pd.DataFrame({"Cosine": [0.5, 0.4], "0": [0.3, 0.2], "100": [0.7, np.nan]}, ["OXFORD5K", "PARIS6K"])
    names = {"OXFORD5K": "Town A", "PARIS6K": "Town B"}
    first, second = similarities.map_by_targets(values, (values - 0.1, values + 0.1), names).axes
    place = plt.rcParams["axes.titlelocation"]  # the project's style or matplotlib's, by which test came first
    assert (first.get_title(place), second.get_title(place)) == ("Town A", "Town B")
    dashed, curve = first.lines
    assert (dashed.get_linestyle(), set(dashed.get_ydata())) == ("--", {0.5})
    assert curve.get_xydata().tolist() == [[0, 0.3], [100, 0.7]]
    band = first.collections[1].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (pytest.approx(0.2), pytest.approx(0.8))
    assert second.lines[1].get_xydata().tolist() == [[0, 0.2]]  # the set has no number for 100
