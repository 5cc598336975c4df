"""Exceptions whose messages are written for users, and the short lists in messages."""

import re
from collections.abc import Sequence

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LISTED = 5  # things that a message names


class UserError(Exception):
    """A mistake that the user can correct: a path, a value, a file.

    The message names the path or value, what was expected and what to do. A notebook shows one line without a
    traceback; the command line prints it and exits with status 2.
    """

    def __str__(self) -> str:
        """The message in one line.

        Bytes of file names that are not UTF-8, and control characters, are written with a backslash; line breaks become
        spaces.
        """
        text = super().__str__().encode("utf-8", "backslashreplace").decode("utf-8")
        return _STEERING.sub(lambda found: " " if found[0].isspace() else ascii(found[0])[1:-1], text)

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython shows instead of a traceback."""
        return [f"UserError: {self}"]


class NoExampleError(UserError):
    """The data have no example for a figure or table; a page leaves it out and goes on.

    The message says what is missing. Pages show it, so it has no full stop at the end.
    """


def short_list(things: Sequence[str], between: str = ", ") -> str:
    """The first five things, and the number of the others: ``"a, b, c, d, e and 2 more"``.

    ``between`` separates them: a semicolon where they have commas themselves.
    """
    others = len(things) - _LISTED
    return between.join(things[:_LISTED]) + (f" and {others:,} more" if others > 0 else "")
