"""Sheets of images."""

import matplotlib.pyplot as plt
import numpy as np

from vretlib.plots import sheets

IMAGE = np.full((20, 30, 3), 90, np.uint8)


def test_images_with_a_colour_are_framed_and_missing_ones_are_empty():
    fig = sheets.grid([IMAGE, IMAGE, None], ["first", "second\nline", ""], 2, ["C1", "", ""])
    framed, plain, empty, beyond = fig.axes
    assert [ax.get_title() for ax in fig.axes] == ["first", "second\nline", "", ""]
    assert (framed.axison, plain.axison) == (True, False)
    assert not empty.images
    assert not beyond.images
    plt.close(fig)
