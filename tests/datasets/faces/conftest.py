"""Small folders of faces on disk."""

import cv2
import numpy as np
import pytest


def picture(path, grey, size=(20, 20)):
    """Write a picture of one grey level, (width, height) in ``size``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), grey, np.uint8))


@pytest.fixture
def people(tmp_path):
    """Three people with three videos of three frames each, whose grey level says which they are."""
    for i, person in enumerate(("ada", "bo", "cy")):
        for k in range(3):
            for n in range(3):
                picture(tmp_path / "faces" / person / f"v{k}" / f"f{n}.png", 80 * i + 20 * k + 2 * n)
    return tmp_path / "faces"
