"""Files that OpenCV cannot read are refused; the networks themselves are no part of the project."""

import pytest

from vretlib.errors import UserError
from vretlib.features.opencv_detectors import FaceEmbedding, FaceFinder, ObjectFinder


@pytest.mark.parametrize("made", [FaceFinder, FaceEmbedding, lambda path: ObjectFinder(path, path)])
def test_a_file_that_is_missing_or_no_network_is_refused(made, tmp_path):
    with pytest.raises(UserError, match="no such file"):
        made(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(UserError, match="OpenCV cannot read it"):
        made(tmp_path / "text.onnx")
