"""What the library says while it works, through the standard library's logging.

Each module has a logger of its own name. A script hears warnings, as is logging's default; pages and the command line
call `show` and hear what is computed, what is left out of a folder, and why.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PACKAGES = ("vretlib", "embedded")


class _Shown(logging.Handler):
    """Writes messages to what is standard output at the moment: a cell of a page, or the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stdout, flush=True)


class _Kept(logging.Handler):
    """Keeps messages in a list."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(self.format(record))


def show(level: int | str = logging.INFO) -> None:
    """Show the messages of the library from this level on; ``"DEBUG"`` adds what was found in the cache.

    Called again it changes the level and shows nothing twice.
    """
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        if not any(isinstance(handler, _Shown) for handler in logger.handlers):
            logger.addHandler(_Shown())


@contextmanager
def kept(level: int | str = logging.INFO) -> Iterator[list[str]]:
    """Keep messages in a list for as long as the context lasts, in the place of showing them."""
    messages: list[str] = []
    loggers = [logging.getLogger(name) for name in PACKAGES]
    before = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [_Kept(messages)], False
        logger.setLevel(level)
    try:
        yield messages
    finally:
        for logger, (handlers, was, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(was)
