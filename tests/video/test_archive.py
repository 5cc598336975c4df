"""Archives of many short clips."""

import numpy as np

from vretlib.video import archive
from vretlib.video.described_film import DescribeOptions


def test_an_archive_of_clips_has_every_clip_under_its_number(short_clips, tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path)
    options = DescribeOptions(width=144)
    made = archive.archive_of_clips(short_clips, options)
    assert [film.name for film in made.films] == ["0", "1", "2", "3"]
    assert [len(film.times) for film in made.films] == [12, 13, 8, 8]
    assert made.films[0].options == options
    assert len(made.films[2].key_codes)  # the clip that stands still
    assert not len(made.films[3].codes)  # the black one
    again = archive.archive_of_clips(short_clips, options)
    assert np.array_equal(again.key_codes, made.key_codes)
