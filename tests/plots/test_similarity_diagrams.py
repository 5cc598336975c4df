"""Diagrams of chapter 3: which part is learned, and what an image passes through."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from vretlib.plots import similarity_diagrams
from vretlib.plots.diagrams import FILL

IMAGE = np.zeros((20, 30, 3), np.uint8)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def learned(fig: Figure) -> list[str]:
    """Texts of the boxes in the colour of what is learned, from top to bottom."""
    ax = fig.axes[0]
    found = []
    for box in ax.patches:
        if isinstance(box, FancyBboxPatch) and to_hex(box.get_facecolor()) == FILL["learned"]:
            middle = (box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2)
            found += [(-middle[1], t.get_text()) for t in ax.texts if np.allclose(t.get_position(), middle)]
    return [text for _, text in sorted(found)]


def test_the_thesis_learns_the_comparison_and_standard_retrieval_nothing() -> None:
    assert learned(similarity_diagrams.metric_and_network(IMAGE, IMAGE)) == ["similarity\nnetwork g"]


def test_a_siamese_network_learns_the_descriptor_instead() -> None:
    found = learned(similarity_diagrams.siamese_and_similarity(IMAGE, IMAGE))
    assert found == ["convolutional\nnetwork f", "similarity\nnetwork g"]


def test_end_to_end_both_parts_are_learned_and_the_convolutions_are_shared() -> None:
    fig = similarity_diagrams.end_to_end(IMAGE, IMAGE)
    words = "convolutions\nof VGG16"
    assert sorted(learned(fig)) == [words, words, "fully connected\nlayers with ReLU"]
    assert "the same weights" in [text.get_text() for text in fig.axes[0].texts]
