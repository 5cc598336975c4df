"""Descriptions by similarity and memory."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from vretlib.plots import descriptions
from vretlib.report.means import means


def test_every_similarity_has_a_marker_and_every_description_a_place_by_its_bytes() -> None:
    per_query = {(row, f"mAP|{way}"): [0.2, 0.4] for row in ("BOW", "MAC") for way in ("cosine", "Hamming")}
    table = means(per_query | {("BOW", "mAP|OASIS"): [np.nan, np.nan]})
    table.frame["bytes|float32"] = pd.Series({"BOW": 1024, "MAC": 512})
    table.frame["bytes|bits"] = pd.Series({"BOW": 32, "MAC": 16})
    fig = descriptions.overview(table)
    left, right = fig.axes
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["cosine", "Hamming"]
    assert [text.get_text() for text in left.get_yticklabels()] == ["BOW", "MAC"]
    assert [line.get_xdata().tolist() for line in right.lines] == [[1024, 512], [32, 16]]
    assert right.get_xscale() == "log"
    plt.close(fig)
