"""Sheets of images."""

import matplotlib.pyplot as plt
import numpy as np

from vretlib.plots import sheets

IMAGE = np.full((20, 30, 3), 90, np.uint8)


def test_images_with_a_colour_are_framed_and_missing_ones_are_empty():
    fig = sheets.grid([IMAGE, IMAGE, None], ["first", "second\nline", ""], 2, ["C1", "", ""])
    framed, plain, empty, beyond = fig.axes
    assert [ax.get_title() for ax in fig.axes] == ["first", "second\nline", "", ""]
    assert all(spine.get_visible() for spine in framed.spines.values())
    assert not any(spine.get_visible() for spine in plain.spines.values())
    assert not empty.images
    assert not beyond.images
    plt.close(fig)


def test_a_film_strip_in_two_rows_shows_every_frame_and_a_bar_before_each_new_shot() -> None:
    frames = [np.zeros((20, 30, 3), np.uint8)] * 5
    fig = sheets.film_strip(frames, list("abcde"), [0, 0, 1, 0, 1], columns=3)
    assert len(fig.axes) == 6
    assert [len(ax.images) for ax in fig.axes] == [1, 1, 1, 1, 1, 0]
    assert [len(ax.lines) for ax in fig.axes] == [0, 0, 1, 0, 1, 0]
