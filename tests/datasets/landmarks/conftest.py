"""Small collections with the names and folders of the real ones."""

from pathlib import Path

import pytest
from PIL import Image

from tests.landmark_study import described_study, study  # noqa: F401 (fixtures)


@pytest.fixture
def photograph(tmp_path):
    """``photograph("jpg/a.jpg", width, height)``: a generated image under the temporary folder."""

    def write(name, width=60, height=40):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (width, height), (90, 120, 60)).save(path)
        return path

    return write


@pytest.fixture
def truth(tmp_path):
    """``truth("gt", "ox_1", query="oxc1_a 0 0 9 9", good=..., ok=..., junk=...)``: the four files of a query."""

    def write(folder, name, /, **lists):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        for kind, content in lists.items():
            (tmp_path / folder / f"{name}_{kind}.txt").write_text(
                content if isinstance(content, str) else "".join(f"{image}\n" for image in content)
            )
        return Path(tmp_path / folder)

    return write
