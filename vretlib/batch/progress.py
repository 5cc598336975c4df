"""The progress of a run: one line that is rewritten on a terminal, and repeated lines elsewhere.

It is not a bar of tqdm, because one line has the state of several pages at once, and a log gets whole lines.
"""

import shutil
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from vretlib.batch.records import Record


class Progress:
    """Shows the current cell of each notebook and its seconds.

    On a terminal the last line is rewritten; in a log a line is added every ``every`` seconds.
    """

    def __init__(self, total: int, stream: TextIO = sys.stdout, every: float = 15.0):
        self.total, self.ended = total, 0
        self.stream, self.live = stream, stream.isatty()
        self.every, self.last = every, time.monotonic()
        self.at: dict[str, tuple[int, int]] = {}
        self.since: dict[str, float] = {}
        self.done: set[str] = set()

    def event(self, event: Mapping[str, Any]) -> None:
        """Note that a cell starts."""
        name = event["name"]
        if name in self.done:
            return
        if name not in self.at:
            self.since[name] = time.monotonic()
            self.line(f"{name}: started, {event['cells']} cells")
        self.at[name] = (event["cell"], event["cells"])

    def end(self, record: Record) -> None:
        """Note that a notebook has ended."""
        self.ended += 1
        self.done.add(record.name)
        self.at.pop(record.name, None)
        how = f"failed in cell {record.failure.cell}: {record.failure.kind}" if record.failure else "done"
        self.line(f"{record.name}: {how}, {record.seconds:.0f} s ({self.ended} of {self.total})")

    def tick(self) -> None:
        """Show the current state."""
        now = time.monotonic()
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write("\r\x1b[K" + self._status(now)[:width])
            self.stream.flush()
        elif self.at and now - self.last >= self.every:
            self.line(self._status(now))

    def line(self, text: str) -> None:
        """Write a line that stays."""
        self.stream.write(f"\r\x1b[K{text}\n" if self.live else f"{text}\n")
        self.stream.flush()
        self.last = time.monotonic()

    def close(self) -> None:
        """Remove the rewritten line."""
        if self.live:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def _status(self, now: float) -> str:
        running = [
            f"{name} cell {cell}/{cells}, {now - self.since[name]:.0f} s"
            for name, (cell, cells) in sorted(self.at.items())
        ]
        return " | ".join(running) or "starting kernels"
