"""The diagrams of chapter 2 and of paper 002: what is drawn, and what is joined."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from vretlib.plots import background_diagrams, key_frame_diagrams

IMAGES = [np.full((9, 16, 3), 20 * k, np.uint8) for k in range(12)]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def texts(fig: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in fig.axes[0].texts]


def n_arrows(fig: Figure) -> int:
    return sum(isinstance(patch, FancyArrowPatch) for patch in fig.axes[0].patches)


def test_each_neuron_of_a_fully_connected_layer_sees_all_inputs_and_of_a_convolution_three() -> None:
    fig = background_diagrams.layers(n_inputs=5)
    assert n_arrows(fig) == 3 * 5 + 3 * 3
    assert texts(fig).count("s₃") == 2


def test_three_layers_give_a_neural_code() -> None:
    fig = background_diagrams.neural_codes(IMAGES[0])
    assert texts(fig).count("neural code") == 3
    assert n_arrows(fig) == 9 + 3


def test_one_image_closes_one_collection_and_opens_the_other() -> None:
    fig = background_diagrams.context((IMAGES[0], IMAGES[1], IMAGES[2:5], IMAGES[5:7]))
    drawn = [int(image.get_array().max()) for image in fig.axes[0].images]
    assert drawn == [0, 40, 60, 80, 20, 20, 100, 120]


@pytest.mark.parametrize(("n_shots", "arrows"), [(1, 1 + 1 + 2), (4, 2 + 4 + 8)])
def test_a_video_has_scenes_shots_and_frames(n_shots: int, arrows: int) -> None:
    fig = key_frame_diagrams.structure([IMAGES[:2]] * n_shots)
    assert texts(fig).count("frame") == 2 * n_shots
    assert n_arrows(fig) == arrows


def test_the_fine_search_sees_candidates_descriptors_and_the_query() -> None:
    fig = key_frame_diagrams.two_steps(*IMAGES[:2])
    assert {"m candidates", "coarse search: nearest indices", "fine search: nearest descriptors"} <= set(texts(fig))
    assert n_arrows(fig) == 13
