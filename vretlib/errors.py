"""The exceptions that are meant for the reader."""

import re

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class UserError(Exception):
    """Something that the user can put right: a path, a value, a file.

    The message names the path or value, says what was expected and what to do. A notebook shows it as one line and the
    command line prints it and exits with status 2: the stack of calls that led here would only hide it.
    """

    def __str__(self) -> str:
        """The message in one line.

        Bytes of a file name that are not UTF-8, which no terminal can show, and characters that would steer one, are
        written with a backslash; a break is a space.
        """
        text = super().__str__().encode("utf-8", "backslashreplace").decode("utf-8")
        return _STEERING.sub(lambda found: " " if found[0].isspace() else ascii(found[0])[1:-1], text)

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: what a notebook shows in place of the traceback."""
        return [f"UserError: {self}"]


class NoExampleError(UserError):
    """The data hold no example of what a figure or a table shows; a page leaves it out and goes on.

    The message says what is missing, in words that can stand on the page: no full stop at the end.
    """
