"""Curves over one parameter."""

import matplotlib.pyplot as plt

from vretlib.models.training import TrainingLog
from vretlib.plots import curves


def test_every_curve_has_its_name_and_the_chosen_value_a_line():
    fig = curves.shares(
        [1, 10], {"a": [0.1, 0.2], "_b": [0.3, 0.4]}, xlabel="n", ylabel="share", log=True, chosen=("m", 5)
    )
    [ax] = fig.axes
    assert [text.get_text().strip() for text in ax.get_legend().get_texts()] == ["a", "_b", "m = 5"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xscale()) == ("n", "share", "log")
    assert ax.lines[1].get_ydata().tolist() == [0.3, 0.4]
    plt.close(fig)


def test_a_band_reaches_from_the_lower_to_the_upper_ends():
    low, high = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]
    fig = curves.shares([1, 2, 3], {"mAP": [0.2, 0.3, 0.4]}, xlabel="x", ylabel="y", bands={"mAP": (low, high)})
    (drawn,) = fig.axes[0].collections
    corners = {(round(x, 6), round(y, 6)) for x, y in drawn.get_paths()[0].vertices}
    assert corners == {(x, y) for ends in (low, high) for x, y in zip([1, 2, 3], ends, strict=True)}


def test_losses_are_means_of_windows_over_the_unit_of_a_step():
    fig, ax = plt.subplots()
    curves.losses(ax, {"SimNet": TrainingLog([4.0, 2.0, 1.0])}, window=2, per_step=0.5)
    assert ax.lines[0].get_xdata().tolist() == [1.0, 1.5]
    assert ax.lines[0].get_ydata().tolist() == [3.0, 1.0]
    plt.close(fig)
