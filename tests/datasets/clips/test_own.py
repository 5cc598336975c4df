"""Folders of videos: cut, listed, simulated; and what can be wrong with them."""

import numpy as np
import pytest

from embedded import camera
from vretlib import images
from vretlib.datasets import movies
from vretlib.datasets.clips import own, pieces, simulated, source
from vretlib.datasets.clips.collection import Moment
from vretlib.errors import UserError
from vretlib.video import frames


@pytest.fixture(scope="module")
def studio():
    return camera.Studio(np.random.default_rng(0))


@pytest.fixture(autouse=True)
def _one_studio(monkeypatch, studio):
    monkeypatch.setattr(camera, "Studio", lambda rng: studio)  # painting rooms is most of the time


def _listed(tmp_path, rows):
    path = tmp_path / "list.csv"
    path.write_text("image,video,start,end,kind\n" + "\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(4, [0, 4]), (14.9, [0, 14.9]), (15, [0, 10, 15]), (24, [0, 10, 24]), (20, [0, 10, 20]), (0.1, [0, 0.1])],
)
def test_a_rest_below_half_a_clip_stays_with_the_last_one(duration, expected):
    assert pieces.edges(duration, 10) == expected


def test_a_long_video_becomes_clips_with_all_its_frames_once(video, image, tmp_path, silent):
    video("films/long.mp4", seconds=5)
    image("q.jpg")
    study = own.folder(tmp_path / "films", _listed(tmp_path, ["q.jpg,long,,,"]), clip_seconds=2)
    clips = study.evaluation.clips
    assert [clip.name for clip in clips] == ["long 0000", "long 0001", "long 0002"]
    assert [frames.probe(clip.path).n_frames for clip in clips] == [20, 20, 10]
    # Second n of the film has the grey level 20 + 40 n between its white lines; clip 1 begins with second 2.
    seen = frames.read(clips[1].path, [0, 9, 10, 19], colour="rgb")
    levels = [int(np.median(seen[n])) for n in (0, 9, 10, 19)]
    assert levels == pytest.approx([100, 100, 140, 140], abs=4)


def test_a_short_video_is_left_as_it_is(video, image, tmp_path, silent):
    path = video("films/short.mp4", seconds=2)
    image("q.jpg")
    study = own.folder(path, _listed(tmp_path, ["q.jpg,short,,,VB"]))
    assert [clip.path for clip in study.evaluation.clips] == [path]
    assert study.evaluation.queries[0].kind == "VB"
    assert study.training == ()


def test_a_list_says_which_clips_count(video, image, tmp_path, silent):
    video("films/a.mp4", seconds=6)
    video("films/b.mp4", seconds=2)
    image("q.jpg")
    image("r.jpg")
    listed = _listed(tmp_path, ["q.jpg,a.mp4,1.5,2.5,SI2V", "q.jpg,b,0:00:01,0:02,SI2V", "r.jpg,a,5,,", "r.jpg,b,,,VB"])
    collection = own.folder(tmp_path / "films", listed, clip_seconds=2).evaluation
    q, r, s = collection.queries
    assert (q.kind, r.kind, s.kind) == ("SI2V", "photograph", "VB")
    assert q.moments == (Moment(0, 1.5, 2), Moment(1, 0, 0.5), Moment(3, 1, 2))
    assert q.relevant.tolist() == [0, 1, 3]
    assert r.relevant.tolist() == [2]  # a second on either side of 5 s, which is where the third clip begins and ends
    assert s.relevant.tolist() == [3]
    assert len({query.name for query in collection.queries}) == 3


def test_a_list_of_frames_as_in_moviesdb(video, image, tmp_path, silent):
    video("films/a.mp4", seconds=6)
    image("films/q.jpg")
    (tmp_path / "films" / "queries.csv").write_text("image,movie,frame\nq.jpg,a,35\n")
    queries = source.load("moviesdb", root=tmp_path / "films", clip_seconds=2).evaluation.queries
    assert queries[0].relevant.tolist() == [1, 2]
    assert queries[0].moments == (Moment(1, 0.5, 2.0), Moment(2, 0.0, 0.5))


def test_frames_and_times_may_stand_in_one_list_with_levels_and_corners(video, image, tmp_path, silent):
    video("films/a.mp4", seconds=6)
    image("q.jpg")
    image("r.jpg")
    (tmp_path / "films" / "queries.csv").write_text(
        "image,movie,frame,start,level,corners,\n"
        "../q.jpg,a,35,,hard,1 1 50 1 50 30 1 30,\n../r.jpg,a,,0:03.5,,,\n../r.jpg,a,5,,,,\n\n"
    )
    q, r = own.folder(tmp_path / "films", clip_seconds=2).evaluation.queries
    assert (q.level, q.corners) == ("hard", ((1, 1), (50, 1), (50, 30), (1, 30)))
    assert q.moments == (Moment(1, 0.5, 2.0), Moment(2, 0.0, 0.5))  # frame 35 is shown at 3.5 s
    assert r.moments == (*q.moments, Moment(0, 0.0, 1.5))
    assert [query.frame for query in movies.folder(tmp_path / "films").queries] == [35, 35, 5]


def test_an_image_has_one_level(video, image, tmp_path, silent):
    video("a.mp4")
    image("q.jpg")
    listed = tmp_path / "list.csv"
    listed.write_text("image,video,level\nq.jpg,a,easy\nq.jpg,a,hard\n")
    with pytest.raises(UserError, match="row 3: level is 'hard', of the same image in row 2 it is 'easy'"):
        own.folder(tmp_path / "a.mp4", listed)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("q.jpg,c,,,", "row 2: movie 'c' is not in the collection, which has 'a'"),
        ("q.jpg,,,,", "row 2: movie is empty: the query would have nothing to find"),
        (",a,,,", "row 2: image is empty"),
        ("none.jpg,a,,,", r"row 2: .*none\.jpg"),
        ("q.jpg,a,1.5,0.5,", r"row 2: ends at 0\.5 s, before its start at 1\.5 s"),
        ("q.jpg,a,9,,", r"row 2: starts at 9 s, but the video ends at 2\.0 s"),
        ("q.jpg,a,,1,", "row 2: has an end but no start"),
        ("q.jpg,a,soon,,", "row 2: 'soon' is not a time"),
    ],
)
def test_a_bad_row_is_named(video, image, tmp_path, silent, row, message):
    video("films/a.mp4")
    image("q.jpg")
    with pytest.raises(UserError, match=message):
        own.folder(tmp_path / "films", _listed(tmp_path, [row]))


def test_a_list_that_is_none_is_named(video, tmp_path, silent):
    video("films/a.mp4")
    bad = tmp_path / "bad.csv"
    for content, message in (
        ("image,film\nq,a\n", "has no column 'movie' or 'video'"),
        ("image,video\n", "lists no query"),
    ):
        bad.write_text(content)
        with pytest.raises(UserError, match=message):
            own.folder(tmp_path / "films", bad)
    with pytest.raises(UserError, match=r"nowhere\.csv: no such file"):
        own.folder(tmp_path / "films", tmp_path / "nowhere.csv")


def test_without_a_list_both_kinds_are_simulated(video, tmp_path, silent):
    video("films/a.mp4", seconds=6, size=(160, 96))
    collection = own.folder(tmp_path / "films", clip_seconds=2, n_queries=4, seed=1).evaluation
    again = own.folder(tmp_path / "films", clip_seconds=2, n_queries=4, seed=1).evaluation
    assert collection.kinds == ("SI2V", "VB")
    assert [len(collection.of_kind(kind)) for kind in collection.kinds] == [4, 4]
    assert all(1 <= len(query.relevant) <= 2 for query in collection.queries)
    assert [q.path for q in collection.queries] == [q.path for q in again.queries]
    assert collection.own
    assert collection.levels == ("easy", "medium", "hard")
    assert [q.level for q in collection.of_kind("VB")] == ["easy", "medium", "hard", "easy"]
    assert {(q.level, q.corners) for q in collection.of_kind("SI2V")} == {("", None)}
    for query in collection.of_kind("VB"):  # the picture lies within the photograph, its corners clockwise
        width, height = images.size(query.path)
        (left, top), _, (right, bottom), _ = query.corners
        assert 0 < left < right < width
        assert 0 < top < bottom < height


def test_a_video_of_one_frame_can_be_asked_for(video, tmp_path, silent):
    video("films/a.mp4", seconds=0.1)
    collection = own.folder(tmp_path / "films", n_queries=2).evaluation
    assert [query.relevant.tolist() for query in collection.queries] == [[0]] * 4


def test_nothing_can_be_asked_of_a_black_video(video, tmp_path, silent):
    video("films/a.mp4", level=0)
    with pytest.raises(UserError, match="no frame with anything to look for"):
        own.folder(tmp_path / "films", n_queries=2)


def test_the_few_frames_that_show_something_are_found_among_many_black_ones(video):
    infos = [frames.probe(video("black.mp4", seconds=9, level=0)), frames.probe(video("lit.mp4", seconds=1))]
    for seed in range(8):  # with so many seeds, both frames drawn first are of the black video for most
        assert simulated.draw(infos, 1, np.random.default_rng(seed))[0][0] == 1


def test_frames_are_drawn_from_all_videos_by_their_length(video):
    infos = [frames.probe(video(f"{name}.mp4", seconds=s)) for name, s in (("a", 1), ("b", 3))]
    drawn = simulated.draw(infos, 200, np.random.default_rng(0))
    assert np.mean([v for v, _ in drawn]) == pytest.approx(0.75, abs=0.1)
    assert all(0 <= frame < infos[v].n_frames for v, frame in drawn)


def test_folders_of_frames_are_clips_too(image, video, tmp_path, silent):
    for n, grey in enumerate((40, 80, 120)):
        image(f"voi/first/{n:04d}.png", (grey, grey, grey), (64, 48))
    video("voi/second.mp4", seconds=30)
    image("q.jpg")
    study = source.load("ntu_voi", root=tmp_path / "voi", queries_csv=_listed(tmp_path, ["q.jpg,first,,,"]))
    assert [clip.name for clip in study.evaluation.clips] == ["first", "second"]  # 30 s, and not cut
    clip = study.evaluation.clips[0].path
    assert frames.probe(clip).fps == pytest.approx(own.FRAME_RATE)
    assert [int(np.median(f.image)) for f in frames.stream(clip, colour="rgb")] == pytest.approx([40, 80, 120], abs=3)


def test_frames_without_leading_zeros_come_in_the_order_of_their_numbers(image, tmp_path, silent, said):
    for n in range(1, 13):
        image(f"voi/take/frame{n}.png", (18 * n, 18 * n, 18 * n), (64, 48))
    image("voi/.thumbnails/1.png")
    image("voi/.thumbnails/2.png")
    image("voi/take/._frame1.png", (255, 255, 255), (64, 48))
    image("voi/alone/1.png")
    image("q.jpg")
    listed = _listed(tmp_path, ["q.jpg,take,,,"])
    [clip] = source.load("ntu_voi", root=tmp_path / "voi", queries_csv=listed).evaluation.clips
    greys = [int(np.median(frame.image)) for frame in frames.stream(clip.path, colour="rgb")]
    assert greys == pytest.approx([18 * n for n in range(1, 13)], abs=3)
    assert "voi: folders with a single image are no clips, and left out: alone" in said


def test_an_empty_folder_names_what_it_looks_for(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no film; expected files ending in"):
        source.load("folder", root=tmp_path / "empty")
    with pytest.raises(UserError, match="holds no clip; expected files ending in"):
        source.load("ntu_voi", root=tmp_path / "empty")
    with pytest.raises(UserError, match="nowhere: no such folder"):
        source.load("ntu_voi", root=tmp_path / "nowhere")


def test_a_truncated_video_is_one_error(video, tmp_path, silent):
    path = video("films/a.mp4", seconds=6)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match=r"a\.mp4"):
        own.folder(tmp_path / "films", n_queries=1)


def test_impossible_sizes_are_errors(video, tmp_path, silent):
    video("films/a.mp4")
    for seconds in (0, 1e-9, float("nan"), -1):
        with pytest.raises(UserError, match=rf"clip_seconds={seconds}; expected the length of a clip in seconds"):
            own.folder(tmp_path / "films", clip_seconds=seconds)
    with pytest.raises(UserError, match="own_queries=0; expected at least 1"):
        own.folder(tmp_path / "films", n_queries=0)


def test_unknown_names_and_empty_roots(tmp_path):
    with pytest.raises(UserError, match="dataset='youtube' is not known; expected one of 'embedded', 'stanford_i2v'"):
        source.load("youtube")
    with pytest.raises(UserError, match="data_root is empty; with dataset='folder'"):
        source.load("folder")
