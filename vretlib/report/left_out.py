"""The sentence that a page shows instead of a figure or table if the data have no example for it.

Pages are written for collections with corners, junk, right and wrong answers. A small or easy collection may lack any
of them. A function that finds no example raises `NoExampleError`. Pages call it through `attempt`, and
`vretlib.report.Chapter` then shows the sentence in the place of the figure or table::

    views = report.attempt(inputs.centaur, searched, pair, image_size)
    chapter.figure(report.attempt(sheets.in_a_row, views), "centaur", caption="...")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from vretlib.errors import NoExampleError

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class LeftOut:
    """The reason why something is not shown, without a full stop."""

    why: str

    def __repr__(self) -> str:
        return f"Left out: {self.why}."


def attempt(make: Callable[..., T], *needed: Any, **options: Any) -> T | LeftOut:
    """The result of ``make``, or a `LeftOut`: the first one among its arguments, or one made of its `NoExampleError`.

    Other errors are raised unchanged.
    """
    if (missing := first_of(*needed, *options.values())) is not None:
        return missing
    try:
        return make(*needed, **options)
    except NoExampleError as error:
        return LeftOut(str(error))


def first_of(*values: Any) -> LeftOut | None:
    """The first `LeftOut` among some values, or None."""
    return next((value for value in values if isinstance(value, LeftOut)), None)


def has(*values: Any) -> bool:
    """Whether none of the values was left out; for pages, before code that needs them."""
    return first_of(*values) is None
