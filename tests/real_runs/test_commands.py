"""The commands of real pictures: a path or a number that cannot be meant is one line and status 2."""

import pytest
from click.testing import CliRunner

from vretlib.__main__ import main

NOWHERE = "~nobody_of_this_name/x"


@pytest.mark.parametrize(
    "given",
    [
        ["real-texts", NOWHERE],
        ["real-texts", "x.csv", "--sentences", NOWHERE],
        ["real-regions", "--film", NOWHERE],
        ["real-regions", "--products", NOWHERE],
        ["real-faces", NOWHERE, "x", "x"],
        ["real-boxes", NOWHERE, NOWHERE],
        ["real-boxes", "x", "x", "--out", NOWHERE],
        ["real-hashes", "--products", NOWHERE],
        ["real-hashes", "--faces", NOWHERE, NOWHERE],
    ],
)
def test_a_home_folder_of_nobody_is_one_line(given):
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2
    assert result.output == f"error: {NOWHERE}: there is no such user's home folder; write the path in full\n"


def test_a_film_that_is_not_there_is_one_line(tmp_path):
    result = CliRunner().invoke(main, ["real-regions", "--film", str(tmp_path / "none.mp4"), "--weights", "random"])
    assert result.exit_code == 2
    assert result.output.endswith("none.mp4: no such file; expected a video. Check the path.\n")


@pytest.mark.parametrize("bits", ["0", "-3", "5000"])
def test_code_lengths_outside_their_range_are_refused(bits):
    result = CliRunner().invoke(main, ["real-hashes", "--bits", bits])
    assert result.exit_code == 2
    assert "is not in the range 1<=x<=1024" in result.output
