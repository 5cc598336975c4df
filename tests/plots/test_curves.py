"""Curves over one parameter."""

import matplotlib.pyplot as plt

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
