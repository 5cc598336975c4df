"""The six similarity metrics that paper 000 compares (Table 1). Three are distinct: the others are second names.

On vectors of length 1, the Euclidean distance ranks as the cosine does: |x − y|² = 2 (1 − xᵀy). So four rows of the
table must be equal to one another or to the cosine's, and only L1 can differ.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.search import similarity

METRIC_OF: Mapping[str, similarity.PairMetric] = {
    "Cosine": "cosine",
    "Manhattan": "l1",
    "Euclidian": "euclidean",
    "CityBlock": "l1",
    "L1": "l1",
    "L2": "euclidean",
}
"""The paper's names, as printed and in its order -> the metric of `vretlib.search.similarity`."""


def metric_distances(name: str, xq: ArrayLike, xb: ArrayLike) -> NDArray[np.float64]:
    """Distance of every query and every database vector, (nq, nb), by one of the paper's names.

    Parameters and errors as in `similarity.distances`; an unknown name is a `UserError`.
    """
    arrays.choice(name, "name", METRIC_OF)
    return similarity.distances(xq, xb, METRIC_OF[name])
