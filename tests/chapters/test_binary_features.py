"""Chapter 5 on films made of numbers: every frame's codes are known, so every answer is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from vretlib.chapters.binary_features import inputs, methods, tables, variants
from vretlib.datasets import photographs as taken
from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.photographs import Photograph
from vretlib.datasets.query_list import Query
from vretlib.errors import NoExampleError, UserError
from vretlib.features.local import LocalFeatures
from vretlib.video import film_indexes, film_search
from vretlib.video.archive import BINARY, Archive
from vretlib.video.described_film import DescribedFilm, DescribeOptions
from vretlib.video.frames import VideoInfo

PER_FRAME = 40


def made_film(name: str, seed: int, shot_lengths=(12, 10, 14)) -> DescribedFilm:
    """Each shot shows ``PER_FRAME`` codes of its own in every frame, each with two bits of 256 wrong at random."""
    rng = np.random.default_rng(seed)
    stops = np.cumsum(shot_lengths)
    shots = np.stack([stops - shot_lengths, stops], axis=1)
    true = rng.integers(0, 256, (len(shot_lengths), PER_FRAME, 32), dtype=np.uint8)
    codes = np.repeat(true, shot_lengths, axis=0).reshape(-1, 32)
    for _ in range(2):
        bit = rng.integers(0, 256, len(codes))
        codes[np.arange(len(codes)), bit // 8] ^= (128 >> bit % 8).astype(np.uint8)
    n_frames = int(stops[-1])
    track_of_shot = np.arange(len(shot_lengths) * PER_FRAME).reshape(len(shot_lengths), PER_FRAME)
    return DescribedFilm(
        name,
        VideoInfo(Path(f"{name}.mp4"), 720, 400, n_frames, 24.0, n_frames / 24),
        DescribeOptions(),
        times=np.arange(n_frames) / 24,
        offsets=np.arange(n_frames + 1) * PER_FRAME,
        n_common=np.full(n_frames, PER_FRAME, np.int32),
        codes=codes,
        xy=rng.uniform(0, 400, (len(codes), 2)).astype(np.float32),
        tracks=np.repeat(track_of_shot, shot_lengths, axis=0).ravel().astype(np.int32),
        thumbnails=rng.integers(0, 256, (n_frames, 9, 16), dtype=np.uint8),
        shots=shots.astype(np.int64),
        key_codes=true.reshape(-1, 32),
        key_shots=np.repeat(np.arange(len(shot_lengths)), PER_FRAME).astype(np.int32),
        key_tracks=track_of_shot.ravel().astype(np.int32),
        key_lengths=np.repeat(shot_lengths, PER_FRAME).astype(np.int32),
    )


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive((made_film("one", 1), made_film("two", 2, (9, 20))))


def photograph(film: DescribedFilm, frame: int, level: str = "easy") -> Photograph:
    """A perfect photograph: exactly the codes of the frame."""
    made = Photograph(Query(Path("photo.jpg"), film.name, frame, level), np.zeros((4, 4), np.uint8), None)
    rows = slice(*film.offsets[frame : frame + 2])
    made.__dict__["orb_brief"] = LocalFeatures(film.xy[rows], film.codes[rows])
    return made


@pytest.fixture(scope="module")
def photographs(archive) -> list[Photograph]:
    one, two = archive.films
    return [photograph(one, 3), photograph(one, 15, "hard"), photograph(two, 8), photograph(two, 28, "hard")]


class SameFrame:
    """In place of the visual match: right is the very frame."""

    def match(self, film, frame, true_film, true_frame):
        right = (np.asarray(film) == np.asarray(true_film)) & (np.asarray(frame) == np.asarray(true_frame))
        return right.astype(float), right


def test_shots_are_numbered_through_all_films(archive):
    assert archive.first_shot.tolist() == [0, 3, 5]
    film, start, stop = archive.frames_of(4)
    assert (film.name, start, stop) == ("two", 9, 29)
    assert archive.shot_at("one", 11) == 0
    assert archive.shot_at("one", 12) == 1
    assert archive.shot_at("two", 28) == 4


def test_every_feature_knows_its_shot(archive):
    assert np.bincount(archive.shot_of_feature).tolist() == [PER_FRAME * n for n in (12, 10, 14, 9, 20)]
    assert np.bincount(archive.shot_of_key_feature).tolist() == [PER_FRAME] * 5


def test_frames_outside_every_shot_are_neither_indexed_nor_found():
    film = made_film("gaps", 3)
    gaps = Archive((replace(film, shots=np.array([[0, 10], [12, 22]])),))
    assert gaps.shot_at("gaps", 11) == -1
    assert gaps.shot_at("gaps", 30) == -1
    assert film_indexes.bi_brute_force(gaps).n_features == 20 * PER_FRAME


BUILD = [
    film_indexes.bi_brute_force,
    film_indexes.bi_kd_tree,
    film_indexes.bi_key_frame_kd_tree,
    film_indexes.bi_aggregation_kd_tree,
    film_indexes.bi_aggregation_exact,
    film_indexes.bi_aggregation_ivf,
]


@pytest.mark.parametrize("build", BUILD, ids=lambda f: f.__name__)
def test_every_system_finds_the_frame_of_a_perfect_photograph(build, archive, photographs):
    answers = methods.retrieve(build(archive), photographs, backtracks=50)
    assert answers.shots.tolist() == [0, 1, 3, 4]
    assert answers.films == ("one", "one", "two", "two")
    assert answers.frames.tolist() == [3, 15, 8, 28]


def test_authors_frame_rule_counts_matches_and_takes_the_first_of_equals(archive, photographs):
    system = film_indexes.bi_aggregation_kd_tree(archive)
    answers = methods.retrieve(system, photographs, frame_rule="match_count")
    # every frame of a shot differs by at most 4 bits from every other: all features match in all of its frames
    assert answers.frames.tolist() == [0, 12, 0, 9]


def test_a_photograph_without_features_finds_nothing_and_the_others_go_on(archive, photographs):
    blank = Photograph(Query(Path("blank.jpg"), "one", 0), np.zeros((300, 720), np.uint8), None)
    answers = methods.retrieve(film_indexes.bi_aggregation_kd_tree(archive), [photographs[0], blank, photographs[3]])
    assert answers.shots.tolist() == [0, -1, 4]
    assert answers.frames.tolist() == [3, -1, 28]
    assert answers.films[1] == ""


def test_no_photographs_is_an_error(archive):
    with pytest.raises(UserError, match="at least one"):
        methods.retrieve(film_indexes.bi_brute_force(archive), [])


def test_unknown_weighting_is_an_error_that_names_the_valid_ones(archive, photographs):
    with pytest.raises(UserError, match="per_key_feature"):
        methods.retrieve(film_indexes.bi_brute_force(archive), photographs, weighting="squared")


def test_votes_of_a_perfect_photograph_all_go_to_its_shot(archive, photographs):
    system = film_indexes.bi_aggregation_exact(archive)
    assert film_search.shot_votes(system, photographs[1].orb_brief.descriptors).tolist() == [0, PER_FRAME, 0, 0, 0]
    relative = film_search.shot_votes(system, photographs[1].orb_brief.descriptors, weighting="per_key_feature")
    assert relative.argmax() == 1
    assert relative[1] == PER_FRAME / (2 * PER_FRAME)  # all shots have 40 key features: 40 / (40 + 40)


def test_table_5_1_counts_features_and_the_bytes_of_descriptors(archive, photographs):
    systems = [film_indexes.bi_brute_force(archive), film_indexes.bi_aggregation_kd_tree(archive)]
    table = tables.table_5_1(systems, photographs, SameFrame(), backtracks=(10, 50)).frame
    assert table.loc["Bi-BruteForce", "Feat"] == 65 * PER_FRAME / 1e6
    assert table.loc["Bi-BruteForce", "Mem"] == 65 * PER_FRAME * 32 / 2**20
    assert table.loc["Bi-Aggregation-KdTree", "Mem"] == 5 * PER_FRAME * 32 / 2**20
    assert table.loc["Bi-BruteForce", "R@1|all B"] == 1.0
    assert np.isnan(table.loc["Bi-BruteForce", "R@1|B=10"])
    assert table.loc["Bi-Aggregation-KdTree", ["R@1|B=10", "R@1|B=50"]].tolist() == [1.0, 1.0]


def test_the_thesis_memory_column_is_descriptor_bytes():
    assert pytest.approx(2591, rel=0.002) == 85e6 * 32 / 2**20  # 85 is printed in millions, rounded


def test_table_5_2_has_a_row_per_film_and_a_total_over_photographs(archive, photographs):
    table = tables.table_5_2(archive, photographs, np.array([True, False, True, True])).frame
    assert table["R@1"].tolist() == [0.5, 1.0, 0.75]
    assert table["Shots"].tolist() == [3, 2, 5]
    assert table.loc["Total", "Feat"] == 65 * PER_FRAME


def test_recall_by_level_keeps_the_order_of_difficulty(photographs):
    by_level = tables.recall_by_level(photographs, np.array([True, False, True, True]))
    assert list(by_level.index) == ["easy", "hard", "all"]
    assert by_level.tolist() == [1.0, 0.5, 0.75]


def test_figure_5_4_starts_with_a_film_alone_and_ends_with_all(archive, photographs):
    curve = tables.figure_5_4(archive, photographs, SameFrame())
    assert list(curve.index) == ["one", "two"]
    assert curve.columns[-1] == 65
    assert (curve.to_numpy() == 1.0).all()


def test_a_film_that_no_photograph_shows_has_its_own_reason_in_table_5_2(archive, photographs):
    table = tables.table_5_2(archive, photographs[:2], np.array([True, False]))
    why = table.reasons
    assert why["two", "R@1"] == "no photograph shows it"
    assert ("one", "R@1") not in why
    assert why["Magnolia"] == "MoviesDB's films are not public"
    assert "Total" not in why


def test_levels_come_in_the_order_of_difficulty_and_no_level_counts_in_all_alone(photographs):
    levels = ["zoo", "hard", "", "medium"]
    asked = [replace(p, query=replace(p.query, level=name)) for p, name in zip(photographs, levels, strict=True)]
    by_level = tables.recall_by_level(asked, np.array([True, False, True, True]))
    assert by_level.to_dict() == {"medium": 1.0, "hard": 0.0, "zoo": 1.0, "all": 0.75}
    assert list(by_level.index) == ["medium", "hard", "zoo", "all"]


def test_answers_name_the_photograph_what_was_asked_and_what_was_found(archive, photographs):
    blank = Photograph(Query(Path("blank.jpg"), "two", 3, "hard"), np.zeros((300, 720), np.uint8), None)
    asked = [photographs[0], blank]
    answers = methods.retrieve(film_indexes.bi_aggregation_kd_tree(archive), asked)
    found, missing = methods.answers_of(asked, answers, SameFrame())
    assert (found.asked, found.found, found.right, found.rank, found.level) == (
        "one, frame 3", "one, frame 3", True, 1, "easy",
    )  # fmt: skip
    assert (missing.found, missing.right, missing.rank, missing.score) == ("", False, None, None)


@pytest.fixture
def nothing(archive) -> Archive:
    """A film without a feature: every frame is a shot of its own."""
    film, n = archive.films[0], len(archive.films[0].times)
    none = {name: getattr(film, name)[:0] for name in ("codes", "xy", "tracks")}
    keys = {name: getattr(film, name)[:0] for name in ("key_codes", "key_shots", "key_tracks", "key_lengths")}
    shots = np.stack([np.arange(n), np.arange(n) + 1], axis=1)
    offsets = np.zeros(n + 1, np.int64)
    return Archive((replace(film, name="nothing", offsets=offsets, shots=shots, **none, **keys),))


@pytest.mark.parametrize("build", BUILD, ids=lambda f: f.__name__)
def test_where_nothing_is_indexed_nothing_is_found(build, nothing, photographs):
    for weighting in ("count", "per_key_feature"):
        answers = methods.retrieve(build(nothing), photographs, weighting=weighting)
        assert answers.films == ("",) * 4
        assert answers.frames.tolist() == [-1] * 4


def test_a_film_without_features_is_found_by_nothing_and_the_others_as_without_it(archive, nothing, photographs):
    mixed = Archive((nothing.films[0], *archive.films))
    answers = methods.retrieve(film_indexes.bi_aggregation_kd_tree(mixed), photographs)
    assert answers.films == ("one", "one", "two", "two")
    assert answers.frames.tolist() == [3, 15, 8, 28]
    assert inputs.film_to_show(mixed, photographs[2:]) == "two"
    assert inputs.film_to_show(mixed, photographs) == "one"
    assert inputs.film_to_show(mixed, [], "nothing") == "nothing"
    assert inputs.film_to_show(nothing, []) == "nothing"


def test_what_has_no_example_says_which(archive, nothing, photographs):
    film = nothing.films[0]
    right = np.array([True, False])
    cases = [
        (inputs.frame_features, (None, film, 0), "frame 0 of nothing has no feature"),
        (inputs.frame_features, (None, film, 99), "nothing ends before frame 99"),
        (inputs.most_variable_track, (film,), "no track of nothing"),
        (inputs.trajectories, (film, 0, 1), "no shot of nothing"),
        (inputs.first_found, (~right & right,), "no photograph was found, of 2"),
        (inputs.not_found, (None, photographs, None, right | ~right), "every photograph was found"),
        (film_indexes.key_feature_tree, (nothing,), "key feature"),
        (tables.table_5_1, ([], [], SameFrame()), "no photograph"),
    ]
    for make, arguments, why in cases:
        with pytest.raises(NoExampleError, match=why):
            make(*arguments)
    assert inputs.first_found(right) == 0


def test_corners_that_a_list_does_not_give_are_asked_for_before_any_film_is_described(of_a_screen):
    query, _ = of_a_screen
    taken.check_outline(MovieCollection("films", (), (query,), "", ""), "given")
    without = MovieCollection("films", (), (replace(query, corners=None),), "", "")
    taken.check_outline(without, "found")
    with pytest.raises(UserError, match="column corners"):
        taken.check_outline(without, "given")


def test_changing_one_choice_gives_a_row_each(archive, photographs):
    rows = variants.compare(variants.variants(archive, photographs, photographs), SameFrame()).frame
    assert rows.loc["as in the thesis", "all"] == 1.0
    assert rows.index.is_unique


@pytest.fixture
def of_a_screen(tmp_path):
    """A bright picture of waves inside a dark frame on a grey wall, and its corners."""
    x, y = np.meshgrid(np.arange(320), np.arange(180))
    waves = 160 + 30 * np.sin(x / 23) * np.cos(y / 31)
    photo = np.full((480, 640), 70.0)
    photo[120:320, 150:490] = 10
    photo[130:310, 160:480] = waves
    Image.fromarray(photo.astype(np.uint8)).save(tmp_path / "photo.png")
    corners = ((159.5, 129.5), (479.5, 129.5), (479.5, 309.5), (159.5, 309.5))
    return Query(tmp_path / "photo.png", "one", 0, corners=corners), waves


def test_photographs_are_searched_as_taken_unless_an_outline_is_asked_for(of_a_screen):
    query, _ = of_a_screen
    plain = taken.prepare(query)
    assert plain.luma.shape == (540, 720)
    assert plain.corners is None


@pytest.mark.parametrize("outline", ["found", "given"])
def test_with_an_outline_the_picture_fills_the_width_of_the_films(of_a_screen, outline):
    query, waves = of_a_screen
    photo = taken.prepare(query, outline=outline, width=320)
    np.testing.assert_allclose(photo.corners, query.corners, atol=1)
    assert abs(photo.luma.shape[0] - 180) <= 1
    assert np.abs(photo.luma[5:170, 5:-5] - waves[5:170, 5:-5]).mean() < 5


def test_all_photographs_are_prepared_as_each_by_itself(of_a_screen, tmp_path, monkeypatch, said):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")
    query, _ = of_a_screen
    films = MovieCollection("films", (), (query, replace(query, corners=None)), "", "")
    given = taken.prepare_all(films, outline="given")
    np.testing.assert_array_equal(given[0].luma, taken.prepare(query, outline="given").luma)
    np.testing.assert_array_equal(given[1].luma, taken.prepare(query).luma)
    assert said == ["outlines: 1 of 2 photographs are rectified, 1 stay as they were taken"]


def test_outline_must_be_a_known_word(of_a_screen):
    with pytest.raises(UserError, match="'no', 'found', 'given'"):
        taken.prepare(of_a_screen[0], outline="screen")


def test_unreadable_photograph_is_named(tmp_path):
    with pytest.raises(UserError, match=r"x\.jpg"):
        taken.prepare(Query(tmp_path / "x.jpg", "one", 0))


def test_partners_are_features_of_one_track():
    film = made_film("one", 1)
    first, second = (archives_frame(film, n) for n in (0, 1))
    assert inputs.followed_by(first, second).tolist() == list(range(PER_FRAME))
    cut_before, cut_after = (archives_frame(film, n) for n in (11, 12))
    assert set(inputs.followed_by(cut_before, cut_after).tolist()) == {-1}


def archives_frame(film, number):
    rows = slice(*film.offsets[number : number + 2])
    return inputs.FrameFeatures(np.zeros((1, 1), np.uint8), film.xy[rows], film.codes[rows], film.tracks[rows])


def test_track_of_a_key_feature_has_one_row_per_frame_of_its_shot():
    film = made_film("one", 1)
    track = inputs.track_of_key_feature(film, PER_FRAME + 5)
    assert track.frames.tolist() == list(range(12, 22))
    assert (np.unpackbits(track.codes ^ track.key_code, axis=1).sum(axis=1) <= 2).all()


def test_longest_shot_is_the_first_of_equals():
    assert inputs.longest_shot(made_film("one", 1, (9, 12, 12))) == (9, 21)


def test_boundaries_are_counted_by_kind_of_transition(monkeypatch):
    film = made_film("one", 1)  # boundaries found at 12 and 22
    truth = [
        {"start": 0, "transition": "cut", "transition_frames": [0, 0]},
        {"start": 12, "transition": "cut", "transition_frames": [12, 12]},
        {"start": 17, "transition": "dissolve", "transition_frames": [15, 19]},
    ]
    monkeypatch.setattr(inputs.movies, "true_shots", lambda _: truth)
    counted = inputs.boundaries([None], [film])
    expected = pd.DataFrame({"true": [1, 1, 0], "found": [1, 0, 1]}, index=["cut", "dissolve", "found, none there"])
    pd.testing.assert_frame_equal(counted, expected, check_names=False)


def test_dark_films_are_told_by_their_median_luma():
    bright, dark = made_film("one", 1), replace(made_film("two", 2), thumbnails=np.full((29, 9, 16), 20, np.uint8))
    assert inputs.dark_titles(Archive((bright, dark))) == ["two"]


def test_equal_options_are_the_thesis_numbers():
    assert (BINARY.width, BINARY.max_hamming, BINARY.max_displacement) == (720, 20, 100)
    assert BINARY.longer_than == 7
