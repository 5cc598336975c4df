"""Messages of the library, through the standard library's logging.

Each module has a logger of its own name. Scripts see warnings, as is logging's default. Pages and the command line call
`show`, so that they also see what is computed and which files of a folder are left out.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PACKAGES = ("vretlib", "embedded", "benchmarks")


class _Shown(logging.Handler):
    """Writes messages to the current standard output: a cell of a page, or the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stdout, flush=True)


class _KeptMessages(logging.Handler):
    """Appends messages to a list."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(self.format(record))


def show(level: int | str = logging.INFO) -> None:
    """Show the library's messages from this level on; ``"DEBUG"`` adds results that come from the cache.

    A second call changes the level; no message is shown twice.
    """
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        if not any(isinstance(handler, _Shown) for handler in logger.handlers):
            logger.addHandler(_Shown())


@contextmanager
def kept(level: int | str = logging.INFO) -> Iterator[list[str]]:
    """A list that collects the messages inside the context; they are not shown."""
    messages: list[str] = []
    loggers = [logging.getLogger(name) for name in PACKAGES]
    before = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [_KeptMessages(messages)], False
        logger.setLevel(level)
    try:
        yield messages
    finally:
        for logger, (handlers, was, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(was)
