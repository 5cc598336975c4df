"""What stands on a page in the place of a figure or table whose example the data do not hold.

A page is written for collections that have corners, junk, right and wrong answers; a small or an easy collection of a
user's own may lack any of them. A function that finds no example raises `NoExampleError`; on a page it is called by
`attempt`, and `vretlib.report.Chapter` shows the sentence where the figure or table would be::

    beasts = report.attempt(ch2.axioms.menagerie, searched, image_size)
    chapter.figure(report.attempt(ch2.pictures.in_a_row, beasts), "centaur", caption="...")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from vretlib.errors import NoExampleError

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class LeftOut:
    """Why something is not shown, in words without a full stop."""

    why: str

    def __repr__(self) -> str:
        return f"Left out: {self.why}."


def attempt(make: Callable[..., T], *needed: Any, **options: Any) -> T | LeftOut:
    """What ``make`` gives, or why it cannot be had: the first `LeftOut` among what it needs, or its `NoExampleError`.

    Other errors are raised as they are: only the lack of an example is no reason to stop.
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
    """Whether none of these was left out: asked on a page before code that needs them."""
    return first_of(*values) is None
