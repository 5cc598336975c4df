"""The learning curve of encoders: lines by number of clips, marks for more steps, a line for what learns nothing."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vretlib.errors import NoExampleError
from vretlib.models.temporal_curve import HELD_OUT
from vretlib.plots import learning_curves


def test_every_panel_has_the_means_the_marks_and_its_baseline() -> None:
    def learning(by: str, measure: str) -> dict[str, dict[int, list[float]]]:
        add = 0.5 if measure == HELD_OUT else 0.0
        return {cell: ({8: [add, add + 0.2], 16: [0.3, 0.3]} if by == "clips" else {4: [0, 0], 9: [0.2, 0.4]})
                for cell in ("lstm", "gru")}  # fmt: skip

    card = {"learning": {}, "accuracy": {"sum of the frames of a shot": {"stills": 0.25}}}
    fig = learning_curves.encoders(SimpleNamespace(card=card, learning=learning))  # type: ignore[arg-type]
    held_out, stills = fig.axes
    np.testing.assert_allclose(held_out.lines[0].get_xydata(), [[8, 0.6], [16, 0.3]])
    np.testing.assert_allclose(stills.lines[1].get_ydata(), [0.3])  # of the most steps
    assert stills.lines[-1].get_ydata()[0] == 0.25
    names = [text.get_text() for text in fig.legends[0].get_texts()]
    assert names == ["LSTM", "LSTM, 9 steps", "GRU", "GRU, 9 steps", "sum of the frames"]
    plt.close(fig)


def test_weights_of_before_the_curve_have_none() -> None:
    old = SimpleNamespace(card={"accuracy": {}, "command": "python -m vretlib weights encoders"})
    with pytest.raises(NoExampleError, match="no learning curve yet; the command makes it: python -m vretlib"):
        learning_curves.encoders(old)  # type: ignore[arg-type]
