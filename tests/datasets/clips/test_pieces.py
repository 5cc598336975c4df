"""Long videos as clips: which pictures of which seconds lie in a piece."""

from pathlib import Path

import pytest

from tests.video.painted import number_in, write
from vretlib.datasets.clips import pieces
from vretlib.errors import UserError
from vretlib.video import frames

X264 = {"preset": "ultrafast", "x264-params": "bframes=2:b-adapt=0:keyint=12:scenecut=0"}


def test_pieces_of_pictures_that_begin_late_hold_a_players_seconds(tmp_path: Path) -> None:
    """Sound from 0 s, pictures from 3 s to 6 s: the piece of a player's 4th second holds pictures 25 to 49."""
    path = write(tmp_path / "late.mp4", range(75), first=75, sound=True, **X264)
    found = pieces.cut(frames.probe(path), 1.0)
    assert [(round(piece.start, 6), round(piece.end, 6)) for piece in found] == [(3, 4), (4, 5), (5, 6)]
    for i, piece in enumerate(found):
        shown = list(frames.stream(piece.path))
        assert [number_in(frame.image) for frame in shown] == list(range(25 * i, 25 * i + 25))
        assert [round(25 * frame.time) for frame in shown] == list(range(25))


def test_a_video_of_one_piece_is_left_as_it_is_and_keeps_its_start(tmp_path: Path) -> None:
    path = write(tmp_path / "late.mp4", range(50), first=75, sound=True, **X264)
    [piece] = pieces.cut(frames.probe(path), 10.0)
    assert (piece.path, piece.start, piece.end) == (path, pytest.approx(3), pytest.approx(5))


@pytest.mark.parametrize("seconds", [1e-9, 0, -1, float("nan")])
def test_a_length_that_no_clip_has_is_refused(tmp_path: Path, seconds: float) -> None:
    info = frames.probe(write(tmp_path / "film.mp4", range(10)))
    with pytest.raises(UserError, match="clip_seconds="):
        pieces.cut(info, seconds)


def test_joined_recordings_are_cut_by_what_is_shown(tmp_path: Path) -> None:
    parts = [write(tmp_path / f"{i}.ts", range(50 * i, 50 * i + 50), **X264) for i in (0, 1)]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))  # the second one's times begin anew
    found = pieces.cut(frames.probe(joined), 1.0)
    numbers = [[number_in(frame.image) for frame in frames.stream(piece.path)] for piece in found]
    assert numbers == [list(range(25 * i, 25 * i + 25)) for i in range(4)]
