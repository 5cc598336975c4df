"""Intervals of shares of which only the share and the number of answers are known, such as printed accuracies.

Where the value of each query is known, `vretlib.evaluation.intervals` resamples the queries instead.
"""

import math

from scipy.special import ndtri

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation.intervals import LEVEL


def wilson(share: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The score interval of a share among ``n`` answers (Wilson, 1927).

    The share may be rounded, as in print, and need not be a whole number of answers.

    Raises
    ------
    UserError: a share outside 0 to 1, no answers, or a level outside 0 to 1.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0.75, 100)]
    [0.657, 0.825]
    """
    p, n = arrays.number(share, "share", minimum=0, maximum=1), arrays.whole(n, "n", 1)
    if not 0 < arrays.number(level, "level") < 1:
        raise UserError(f"level={level}: expected a share between 0 and 1, such as 0.95")
    z = float(ndtri((1 + level) / 2))
    centre = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)


def difference(a: float, b: float, n_a: int, n_b: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of the share ``a`` minus the share ``b``, of independent answers (Newcombe, 1998, method 10).

    Answers of two players to the same questions are not independent. The interval is then too wide if the players tend
    to fail together, which cannot be known from shares alone.
    """
    (low_a, high_a), (low_b, high_b) = wilson(a, n_a, level), wilson(b, n_b, level)
    return a - b - math.hypot(a - low_a, high_b - b), a - b + math.hypot(high_a - a, b - low_b)
