"""The exceptions that are meant for the reader."""


class UserError(Exception):
    """Something that the user can put right: a path, a value, a file.

    The message names the path or value, says what was expected and what to do. A notebook shows it as one line and the
    command line prints it and exits with status 2: the stack of calls that led here would only hide it.
    """

    def __str__(self) -> str:
        """The message; bytes of a file name that are not UTF-8, which no terminal can show, with a backslash."""
        return super().__str__().encode("utf-8", "backslashreplace").decode("utf-8")

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: what a notebook shows in place of the traceback."""
        return [f"UserError: {self}"]


class NoExampleError(UserError):
    """The data hold no example of what a figure or a table shows; a page leaves it out and goes on.

    The message says what is missing, in words that can stand on the page: no full stop at the end.
    """
