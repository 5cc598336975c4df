"""Quick runs of benchmarks in the process of the tests, which has imported most of what they need."""

import json
from pathlib import Path
from typing import Any

import torch

from benchmarks import Options
from benchmarks.__main__ import measure


def rows(folder: Path, *subjects: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that each subject's quick run leaves in its JSON; the number of threads stays what it was."""
    threads = torch.get_num_threads()
    try:
        for subject in subjects:
            measure(subject, Options(quick=True), folder)
    finally:
        torch.set_num_threads(threads)
    return {subject: json.loads((folder / f"{subject}.json").read_text())["rows"] for subject in subjects}
