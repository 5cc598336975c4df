"""Chapters 4 and 5 on collections of a user's own that are small, easy, or hold no example of what a figure shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from tests.chapters.conftest import run
from vretlib.errors import UserError

pytestmark = pytest.mark.slow

WIDE, HIGH, FPS = 192, 108, 12
Frames = list[np.ndarray]


def take(seed: int, n: int, still: bool = False) -> Frames:
    """One take: a camera that pans over a textured scene, grey (HIGH, WIDE); ``still`` holds it."""
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE + 2 * n)).astype(np.float32)
    scene = cv2.GaussianBlur(noise, (0, 0), 2.0)
    scene = np.clip(128 + 60 * scene / scene.std(), 0, 255).astype(np.uint8)
    return [scene[:, (0 if still else k) :][:, :WIDE] for k in range(n)]


def black(n: int) -> Frames:
    return [np.zeros((HIGH, WIDE), np.uint8)] * n


def film(path: Path, frames: Iterable[np.ndarray]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"qp": "18", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for image in frames:
            shown = av.VideoFrame.from_ndarray(image, format="gray").reformat(format="yuv420p")
            container.mux(stream.encode(shown))
        container.mux(stream.encode(None))
    return path


def photograph(path: Path, frame: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(frame).save(path)
    return path


def listed(root: Path, rows: Sequence[str], heading: str = "image,movie,frame") -> Path:
    path = root / "queries.csv"
    path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vretlib.paths.CACHE", tmp_path_factory.mktemp("cache"))
        yield


FOUR, FIVE = "04_image_to_video", "05_binary_features"
NO_PAIRS = {"As Fig 4.3", "Thresholds", "Fig 4.4", "Choice of thresholds", "scores by kind", "As Fig 4.5"}
NO_FALSE = {"Boundaries without a transition": "no boundary is known to be false"}  # own films have no known cuts
NO_CORNERS = {"Outlines of the screen", "outlines"}
QUICK = {"n_pairs": 24}


@pytest.fixture(scope="module")
def one_take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One film, one take without a cut, one photograph: the very frame. Its list has no corners."""
    root = tmp_path_factory.mktemp("one_take")
    shown = take(1, 30)
    film(root / "walk.mp4", shown)
    photograph(root / "photos/a.png", shown[12])
    listed(root, ["photos/a.png,walk,12"])
    return root


def test_one_take_with_one_photograph_has_no_cut_no_pairs_and_no_corners(one_take: Path, tmp_path: Path) -> None:
    page = run(FOUR, one_take, tmp_path, **QUICK)
    missing = page.left_out()
    assert set(missing) == NO_PAIRS | NO_CORNERS | {"cut", "score over time"}
    assert missing["cut"] == "walk has no hard cut between two shots of half a second"
    assert "different things" in missing["Fig 4.4"]
    assert {"shots", "aggregation_types", "query_photographs"} <= page.figures().keys()


def test_one_photograph_that_is_found_leaves_no_failure_to_show(one_take: Path, tmp_path: Path) -> None:
    page = run(FIVE, one_take, tmp_path, sift=False)
    assert page.left_out() == NO_FALSE | {"Photographs that were not found": "every photograph was found"}
    assert "1 of 1 photographs find a frame that matches" in page.shown
    [answer] = page.answers("bi-aggregation-kdtree")
    assert Path(answer["image"]) == one_take / "photos/a.png"
    assert (answer["asked"], answer["right"], answer["rank"]) == ("walk, frame 12", "right", "1")
    assert answer["found"].startswith("walk, frame ")


@pytest.fixture(scope="module")
def odd_films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films among which one is black, one has one frame, one lasts half a second, and one is a copy."""
    root = tmp_path_factory.mktemp("odd_films")
    shown, other, still, short = take(1, 24) + take(2, 24), take(3, 24) + take(4, 24), take(9, 1), take(8, 6)
    for name, frames in {
        "a black": black(20), "b still": still, "c short": short, "copy": shown, "one": shown, "two": other,
    }.items():  # fmt: skip
        film(root / f"{name}.mp4", frames)
    for name, frame in {"t": other[30], "k": black(1)[0], "s": still[0], "h": short[2]}.items():
        photograph(root / f"{name}.png", frame)
    listed(root, ["t.png,two,30,mild", "k.png,a black,3,", "s.png,b still,0,hard", "h.png,c short,2,"], LEVELS)
    return root


LEVELS = "image,movie,frame,level"


def test_films_without_features_are_named_and_the_others_searched(odd_films: Path, tmp_path: Path) -> None:
    page = run(FIVE, odd_films, tmp_path, sift=False)
    assert page.left_out() == NO_FALSE
    assert "a black: has no feature in any of its 20 frames" in page.shown
    for name in ("b still", "c short"):
        assert f"{name}: no feature lasts 8 frames" in page.shown
    found = {
        answer["asked"]: (answer["right"], answer["found"][:3]) for answer in page.answers("bi-aggregation-kdtree")
    }
    assert found["two, frame 30"] == ("right", "two")
    assert found["a black, frame 3"] == ("wrong", "")
    table = (page.folder / "tables/thesis_table_5.2.md").read_text()
    assert all(name in table for name in ("a black", "b still", "c short", "copy", "one", "two"))
    assert "no photograph shows it" in table  # the copy and the film that it is a copy of
    assert "two:" in page.shown  # Table 5.1 is of the film that has key features and a photograph


def test_a_copy_of_a_film_gives_no_pairs_and_fewer_pairs_than_asked_for_are_taken(
    odd_films: Path, tmp_path: Path
) -> None:
    page = run(FOUR, odd_films, tmp_path, n_pairs=2000)
    assert set(page.left_out()) == NO_CORNERS
    assert "of the 2000 asked for; the films have no more" in page.shown


def test_a_film_that_is_black_from_end_to_end_is_searched_in_vain(tmp_path: Path) -> None:
    film(tmp_path / "films/night.mp4", black(10))
    photograph(tmp_path / "films/a.png", black(1)[0])
    listed(tmp_path / "films", ["a.png,night,3"])
    four = run(FOUR, tmp_path / "films", tmp_path, **QUICK)
    assert NO_PAIRS | NO_CORNERS | {"shots", "cut", "As Fig 4.1", "score over time"} == set(four.left_out())
    five = run(FIVE, tmp_path / "films", tmp_path, sift=False)
    assert five.left_out()["Features of one frame"] == "frame 0 of night has no feature"
    assert five.left_out()["Votes of one photograph"] == "no photograph was found, of 1 that were looked for"
    assert "night: has no feature" in five.shown
    assert five.answers("bi-aggregation-kdtree")[0]["found"] == ""


def on_a_wall(frame: np.ndarray) -> np.ndarray:
    """The frame, a third as large, at the upper left of a grey wall."""
    wall = np.full((240, 360), 90, np.uint8)
    wall[20 : 20 + HIGH // 2, 30 : 30 + WIDE // 2] = cv2.resize(frame, (WIDE // 2, HIGH // 2))
    return wall


@pytest.fixture(scope="module")
def small_screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films; photographs of the second alone, of which the corners are known, with levels of three kinds."""
    root = tmp_path_factory.mktemp("small_screens")
    film(root / "first.mp4", take(1, 24))
    shown = take(2, 24)
    film(root / "second.mp4", shown)
    left, top, right, bottom = 29.5, 19.5, 29.5 + WIDE // 2, 19.5 + HIGH // 2
    corners = f"{left} {top} {right} {top} {right} {bottom} {left} {bottom}"
    rows = []
    for k, level in {4: "zoo", 8: "hard", 12: "easy", 16: "medium"}.items():
        photograph(root / f"{k}.png", on_a_wall(shown[k]))
        rows.append(f"{k}.png,second,{k},{level},{corners}")
    listed(root, rows, f"{LEVELS},corners")
    return root


@pytest.mark.parametrize("outline", ["no", "given"])
def test_small_screens_are_found_when_they_are_rectified_and_the_tables_say_so(
    small_screens: Path, tmp_path: Path, outline: str
) -> None:
    page = run(FIVE, small_screens, tmp_path, sift=False, outline=outline)
    answers = page.answers("bi-aggregation-kdtree")
    assert [answer["right"] for answer in answers] == ["wrong" if outline == "no" else "right"] * 4
    for number in ("1", "2"):
        table = (page.folder / f"tables/thesis_table_5.{number}.md").read_text()
        assert ("rectified to the corners that their list gives, which the paper did not do" in table) is (
            outline != "no"
        )
    levels = (page.folder / "tables/one_choice_at_a_time.csv").read_text()
    assert list(dict.fromkeys(row["column"] for row in csv.DictReader(io.StringIO(levels)))) == [
        "easy", "medium", "hard", "zoo", "all",
    ]  # fmt: skip
    expected = {"Photographs that were not found": "every photograph was found"}
    if outline == "no":
        why = "no photograph was found, of 4 that were looked for"
        expected = {"Votes of one photograph": why, "A photograph and its answer": why}
    assert page.left_out() == NO_FALSE | expected


def test_known_corners_judge_the_outlines(small_screens: Path, tmp_path: Path) -> None:
    assert set(run(FOUR, small_screens, tmp_path, **QUICK).left_out()) <= {"cut"}


@pytest.mark.parametrize(
    ("row", "parameters", "says"),
    [
        ("a.png,walk,12,", {"outline": "given"}, "gives no corners"),
        ("a.png,walk,12,", {"film": "run"}, "film='run' is not there"),
        ("a.png,walk,99,", {}, "row 2: frame 99 is outside 'walk', which has 30 frames"),
        ("a.png,walk,12,nan nan nan nan nan nan nan nan", {}, "row 2: corners"),
        ("a.png,walk,12,5 5 5 5 5 5 5 5", {}, "row 2: corners"),
        ("a.png,walk,12,0 0 90 50 90 0 0 50", {}, "row 2: corners"),
        ("a.png,walk,12,5000 5000 5090 5000 5090 5050 5000 5050", {}, "row 2: corners"),
    ],
    ids=["no corners", "no film", "no frame", "nan", "a point", "crossed", "outside"],
)
def test_what_must_fail_fails_before_a_film_is_described(
    one_take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, parameters: dict[str, str], says: str
) -> None:
    monkeypatch.setattr("vretlib.video.describe.describe", lambda *_, **__: pytest.fail("a film was described"))
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")
    root = tmp_path / "films"
    root.mkdir()
    (root / "walk.mp4").symlink_to(one_take / "walk.mp4")
    (root / "a.png").symlink_to(one_take / "photos/a.png")
    listed(root, [row], "image,movie,frame,corners")
    with pytest.raises(UserError) as error:
        run(FIVE, root, tmp_path, **parameters)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_two_films_with_a_simulated_photograph_each_run_through(small_screens: Path, tmp_path: Path) -> None:
    root = tmp_path / "films"
    root.mkdir()
    for name in ("first.mp4", "second.mp4"):
        (root / name).symlink_to(small_screens / name)
    page = run(FIVE, root, tmp_path, n_queries=1, backtracks=1000, leaf_size=10_000)
    assert len(page.answers("bi-aggregation-kdtree")) == 2
    assert "SIFT-Aggregation-KdTree" in (page.folder / "tables/thesis_table_5.1.md").read_text()


def test_of_a_film_that_is_cut_short_what_is_whole_is_searched_when_asked_for(tmp_path: Path) -> None:
    root = tmp_path / "films"
    shown = take(1, 40)
    cut = film(root / "walk.mkv", shown)
    cut.write_bytes(cut.read_bytes()[: int(0.7 * cut.stat().st_size)])
    photograph(root / "a.png", shown[2])
    listed(root, ["a.png,walk,2"])
    for chapter in (FOUR, FIVE):
        with pytest.raises(UserError, match=r"walk\.mkv: truncated.*damaged='keep what is whole'"):
            run(chapter, root, tmp_path)
    page = run(FIVE, root, tmp_path, damaged="keep what is whole", sift=False)
    assert "what is whole is kept, in a copy" in page.shown
    assert len(page.answers("bi-aggregation-kdtree")) == 1
