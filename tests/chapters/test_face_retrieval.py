"""Paper 000 on made-up vectors: the tables, and what they say about rules and times."""

from dataclasses import replace

import numpy as np
import pytest

from tests.described.film_points import films, searched
from vretlib import images
from vretlib.chapters.face_retrieval import inputs, plots, tables
from vretlib.chapters.face_retrieval.inputs import CELEB, FACES, NETWORKS, YOUTUBE
from vretlib.described import film_face_encodings
from vretlib.errors import NoExampleError
from vretlib.features import detector_files
from vretlib.features.described_regions import DetectorView
from vretlib.report import claims
from vretlib.search.regions import Depths

DEPTHS = Depths(5, 2)


@pytest.fixture(scope="module")
def searches():
    return {
        name: {h: searched(people, h.lower(), spread) for h, people in ((CELEB, 3), (YOUTUBE, 4), (FACES, 3))}
        for name, spread in zip(NETWORKS, (0.3, 0.2, 0.25, 0.15), strict=True)
    }


def test_rows_of_one_metric_are_equal(searches):
    frame = tables.table_1(searches["VGG16 (P)"][CELEB], CELEB, DEPTHS).frame
    for pooling in ("max", "sum"):
        for same in (("Cosine", "Euclidian", "L2"), ("Manhattan", "CityBlock", "L1")):
            rows = frame.loc[[f"{name}|{pooling}" for name in same]].to_numpy()
            assert (rows == rows[0]).all()
    with pytest.raises(NoExampleError, match="needs dataset='ytc'"):
        tables.table_1(searches["VGG16 (P)"][YOUTUBE], YOUTUBE, DEPTHS)


def test_a_cell_is_the_mean_over_stills(searches):
    table = tables.table_2(searches, DEPTHS)
    assert table.frame.shape == (8, 9)
    search = searches["VGG16 (C)"][YOUTUBE]
    wanted = search.ap(search.rank("sum")).mean()
    assert table.frame.loc["VGG16 (C)|sum", f"{YOUTUBE}|Ranking"] == pytest.approx(wanted)
    assert table.stands_for == {CELEB: "y-celeb", YOUTUBE: "youtube faces database", FACES: "y-celeb-faces"}
    assert table.measured().loc["VGG16 (C)|sum", f"{YOUTUBE}|Ranking"].interval is not None


def test_what_is_not_loaded_has_a_reason(searches):
    alone = {name: {CELEB: of[CELEB]} for name, of in searches.items()}
    table = tables.table_2(alone, DEPTHS)
    assert table.reasons == {YOUTUBE: 'needs dataset="youtube_faces"', FACES: 'needs dataset="ytc"'}


@pytest.fixture(scope="module")
def encoded(searches):
    sizes = film_face_encodings.EncodingSizes(4, 2, 6, 40)
    options = [CELEB, YOUTUBE], sizes, DEPTHS, 0
    fisher = {
        n: film_face_encodings.each(film_face_encodings.fisher, searches[n], *options) for n in list(NETWORKS)[:2]
    }
    words = {"VGG16 (C)": film_face_encodings.each(film_face_encodings.bag_of_words, searches["VGG16 (C)"], *options)}
    return fisher, words


def test_encodings_have_a_column_for_every_collection_and_table_5_repeats_three_cells(searches, encoded):
    fisher, words = encoded
    table_2, table_3, table_4 = (
        tables.table_2(searches, DEPTHS),
        tables.encoded("3", fisher),
        tables.encoded("4", words),
    )
    assert table_3.frame.shape == (4, 6)
    assert table_4.frame.shape == (2, 6)
    table_5 = tables.table_5(table_2, table_3, table_4, searches["VGG16 (C)"], "VGG16 (C)")
    assert table_5.frame.loc["Faster R-CNN features", CELEB] == table_2.frame.loc["VGG16 (C)|sum", f"{CELEB}|Ranking"]
    assert (
        table_5.frame.loc["Faster R-CNN features +BOVW", YOUTUBE]
        == (table_4.frame.loc["VGG16 (C)|sum", f"{YOUTUBE}|Ranking"])
    )
    assert table_5.reasons["NN [23]"] == "published number; this page does not run the method"
    memory = tables.peaks({"Fisher vectors": fisher["VGG16 (C)"].values()}).frame
    assert memory.shape == (4, 2)


def test_every_claim_is_judged(searches, encoded):
    fisher, words = encoded
    found = {"1": tables.table_1(searches["VGG16 (P)"][CELEB], CELEB, DEPTHS), "2": tables.table_2(searches, DEPTHS),
             "3": tables.encoded("3", fisher), "4": tables.encoded("4", words)}  # fmt: skip
    found["5"] = tables.table_5(found["2"], found["3"], found["4"], searches["VGG16 (C)"], "VGG16 (C)")
    made = {("face_retrieval", number): table.measured() for number, table in found.items()}
    ids = [f"000-{number:02}" for number in range(1, 15) if number not in (7, 14)]
    verdicts = [judged.obtained for judged in claims.judge(ids, made)]
    assert len(verdicts) == 12
    assert not any("not testable" in str(verdict) for verdict in verdicts)
    unnamed = [judged.obtained for judged in claims.judge(["000-08", "000-09"], made, {"people named": 0.004})]
    assert str(unnamed[0]).startswith("not testable at this scale: the fine-tuned detectors name none")
    assert unnamed[1].comparisons == verdicts[7].comparisons
    assert "taught the detectors no identities" in str(unnamed[1])
    for known in (0.2, float("nan")):
        [named] = claims.judge(["000-08"], made, {"people named": known})
        assert named.obtained.comparisons == verdicts[6].comparisons


def test_what_fine_tuning_taught_is_known_of_the_projects_own_detectors_alone():
    cards = inputs.fine_tuned(["embedded", "embedded"])
    assert [card["name"] for card in cards.values()] == ["detector_vgg16_f-s", "detector_vgg16_f-f"]
    gains = [card["accuracy"]["map"] - card["accuracy"]["map_of_shuffled_names"] for card in cards.values()]
    assert inputs.people_named(cards) == max(gains)
    mine = inputs.fine_tuned(["embedded", "mine.safetensors"])
    assert list(mine) == ["F-S"]
    assert np.isnan(inputs.people_named(mine))


def test_rules_that_count_less_are_told_apart(searches):
    frame = tables.what_counts({CELEB: searches["VGG16 (C)"][CELEB]}, "sum", DEPTHS).frame
    search = searches["VGG16 (C)"][CELEB]
    own = search.ap(search.rank("sum"), search.films.same_source)
    assert frame.loc["frames of the same recording", "y-celeb|Ranking"] == pytest.approx(np.nanmean(own))
    assert frame.shape == (4, 3)


def test_boxes_that_are_found_are_measured():
    some = films()
    far = some.boxes + np.float32([100, 0, 100, 0])
    far[0] = some.boxes[0]
    missing = np.full_like(some.still_boxes, np.nan)
    table = tables.found_faces(some, (far, missing))
    assert table.frame.loc["mean IoU", "frames"] == pytest.approx(1 / 12)
    assert table.frame["stills"].tolist() == [0, 0]
    with pytest.raises(NoExampleError, match="true boxes"):
        tables.found_faces(replace(some, boxes=np.full_like(some.boxes, np.nan)), (far, missing))


def test_sizes_and_raw_pixels_have_a_row_for_each_collection():
    some = films()
    assert tables.sizes([some]).frame.loc["Points", ["people", "videos", "frames", "stills"]].tolist() == [3, 6, 12, 6]
    assert tables.pixels([some], 0).frame.shape == (2, 3)


def test_times_are_positive_and_not_recorded(searches):
    network = detector_files.load("vgg16", "random")
    search = {CELEB: searches["VGG16 (C)"][CELEB]}
    table = tables.timings(search, network, DetectorView(48, 64, 4), "sum", DEPTHS, {"VGG(F-S)": 90.0})
    assert (table.frame.drop(columns="fine-tuning").loc[CELEB] > 0).all()
    assert table.frame["fine-tuning"].dropna().to_dict() == {"VGG(F-S)": 90}
    assert not table.checks
    assert set(table.reasons) == {FACES, YOUTUBE, "VGG(F-F)"}
    assert table.measured().loc["VGG(F-S)", "fine-tuning"] == 90


def test_figures_show_the_stills_that_gain_and_lose_most_before_and_after():
    search = searched()
    ranking = search.rank("sum")
    again = search.reranked(ranking, "sum", 5)
    rows = plots.before_and_after(search, ranking, again, 2)
    before, after = search.ap(ranking), search.ap(again.ranking)
    gains, loses = np.argmax(after - before), np.argmin(after - before)
    assert [(name, len(frames)) for name, frames in rows] == [
        (f"{name}, AP {ap[still]:.2f}", 3)
        for still in (gains, loses) for name, ap in (("ranking", before), ("re-ranking", after))
    ]  # fmt: skip
    assert rows[0][1][1].right == bool(search.films.relevant[gains, ranking[gains, 0]])
    assert rows[3][1][1].right == bool(search.films.relevant[loses, again.ranking[loses, 0]])
    [(name, frames)] = plots.people(search.films, [2])
    assert (name, len(frames)) == ("p1", 3)


def test_one_of_the_papers_collections_is_loaded_by_its_heading(tmp_path):
    for person in ("ada", "bo"):
        for video in ("a", "b"):
            (tmp_path / person / video).mkdir(parents=True)
            images.write(tmp_path / person / video / "1.png", np.zeros((20, 30, 3), np.uint8))
    [(heading, found)] = inputs.load("folder", str(tmp_path), 0, "", "", 1, {}).items()
    assert heading == found.name == tmp_path.name
