"""Figures of paintings and texts."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from vretlib.datasets.paintings import Painting
from vretlib.plots import paintings


@pytest.mark.parametrize(("best", "columns"), [(2, 3), (3, 4), (5, 4)])
def test_a_test_of_fewer_paintings_than_a_row_shows_all_of_them(tmp_path, best, columns):
    test = []
    for k in range(3):
        Image.new("RGB", (8, 6), (80 * k,) * 3).save(tmp_path / f"{k}.png")
        test.append(Painting(tmp_path / f"{k}.png", f"Title {k}", "A comment."))
    fig = paintings.answers([1], test, np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32), best=best)
    assert len(fig.axes) == 2 * columns  # of a text and of its pictures
    plt.close(fig)
