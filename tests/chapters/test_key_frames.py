"""Notebook 08's methods, tables and drawings on four short clips."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tests.short_clips import FPS, SIDE
from vretlib.chapters.key_frames import methods, plots, tables, variants
from vretlib.chapters.key_frames.methods import FoundItems
from vretlib.datasets.clips import query_images
from vretlib.datasets.clips.collection import Clip
from vretlib.datasets.clips.query_images import QueryImages
from vretlib.described import clip_queries
from vretlib.errors import NoExampleError
from vretlib.features import backbones
from vretlib.features.fisher import MapEncoder
from vretlib.plots import boundary_curves
from vretlib.report import headings, published
from vretlib.report.left_out import LeftOut
from vretlib.video import archive
from vretlib.video.clip_key_frames import every_frame, select
from vretlib.video.cluster_key_frames import KeyFrameOptions
from vretlib.video.described_film import DescribeOptions


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vretlib.paths.CACHE", tmp_path_factory.mktemp("cache"))
        yield


@pytest.fixture(scope="module")
def described(described_short_clips):
    return described_short_clips


@pytest.fixture(scope="module")
def network():
    return backbones.load("vgg16", "embedded")


@pytest.fixture(scope="module")
def queries(short_clips, network):
    clips = [Clip(path.stem, path) for path in short_clips]
    drawn = query_images.drawn_frames(clips, [0, 1, 2], 12, seed=3)
    return clip_queries.described(drawn, network, side=SIDE)


@pytest.fixture(scope="module")
def six(short_clips, described):
    binary = archive.archive_of_clips(short_clips, DescribeOptions(width=144))
    encoder = MapEncoder.learn(described.maps, 16, seed=0, gaussians=2, place_dimensions=8)
    return methods.all_six(described, select(described, range(4)), encoder, binary, 2)


def test_the_six_methods_have_the_printed_names(six):
    assert list(six) == [method.name for method in six.values()]
    assert list(six) == headings.flat(published.table("key_frames", "5")).index.tolist()


def test_bytes_and_dimensions_of_the_six(described, six):
    chosen = select(described, range(4))
    d, k = 128, len(chosen.rows)
    assert [method.dimension for method in six.values()] == ["16, 128", "16", "512", "16", "128", "256"]
    sizes = [4 * k * (d + 16), 4 * k * 16, 4 * k * 512, 4 * k * 16, 4 * len(chosen.stretches) * d]
    assert [method.n_bytes for method in six.values()][:5] == sizes
    assert six["LBTT [28]"].n_bytes % 32 == 0


def test_a_frame_of_a_clip_finds_its_clip_by_every_method(queries, six):
    for method in list(six.values())[:5]:
        found = methods.find(method, queries)
        assert found.matches(queries).mean() >= 0.5, method.name
        assert found.items.shape == (12, 1)


def test_lbtt_knows_the_clip_that_has_tracks_of_more_than_seven_frames(queries, six):
    found, still = methods.find(six["LBTT [28]"], queries), [2 in clips for clips in queries.relevant]
    assert any(still)
    assert (found.clips[still] == 2).all()


def test_exact_methods_are_brute_force(described, queries, six):
    chosen = select(described, range(4))
    index = described.descriptors.reshape(len(described.descriptors), -1, 8).mean(axis=2)
    xq = queries.descriptors.reshape(12, -1, 8).mean(axis=2)
    expected = np.linalg.norm(xq[:, None] - index[chosen.rows][None], axis=2).argmin(axis=1)
    assert methods.find(six["DFSP"], queries).items[:, 0].tolist() == expected.tolist()
    shots = np.stack([described.descriptors[a:b].max(axis=0) for a, b in chosen.stretches])
    expected = np.linalg.norm(queries.descriptors[:, None] - shots[None], axis=2).argmin(axis=1)
    assert methods.find(six["DFTA [28]"], queries).items[:, 0].tolist() == expected.tolist()


def test_with_all_key_frames_as_candidates_two_steps_find_what_exact_search_finds(described, queries):
    chosen = select(described, range(4))
    all_candidates = methods.ours(described, chosen, len(chosen.rows))
    exact = methods.exact_descriptor(described, chosen)
    assert np.array_equal(methods.find(all_candidates, queries, 3).items, methods.find(exact, queries, 3).items)


def test_queries_one_by_one_find_what_they_find_together(queries, six):
    for method in six.values():
        encoded, together = method.encode(queries), methods.find(method, queries, 2).items
        single = [method.search(encoded[i : i + 1], 2) for i in range(len(queries))]
        assert np.array_equal(np.concatenate(single), together)


def test_places_where_nothing_is_found_are_no_matches(queries, six):
    found = methods.find(six["Ours"], queries, 4)  # of two candidates
    assert found.items.shape == (12, 4)
    assert (found.items[:, 2:] == -1).all()
    assert (found.clips[:, 2:] == -1).all()
    assert found.matches(queries).mean() <= 0.5


def test_accuracy_is_matches_over_retrieved_frames():
    found = FoundItems(np.array([[0, 1], [2, 3]]), np.array([[5, 5], [6, 7]]))
    images = (np.zeros((2, 2, 3), np.uint8),) * 2
    assert found.matches(QueryImages("x", images, (np.array([5]), np.array([7, 8])), np.full(2, -1))).mean() == 0.75


def test_lbtt_finds_nothing_for_an_image_without_features(network, six):
    black = QueryImages("x", (np.zeros((96, 144, 3), np.uint8),), (np.array([0]),), np.array([-1]))
    queries = clip_queries.described(black, network, side=SIDE)
    assert methods.find(six["LBTT [28]"], queries, 2).clips.tolist() == [[-1, -1]]
    assert methods.find(six["Ours"], queries).clips.tolist() == [[3]]  # the black clip


def test_more_results_than_a_clip_has_key_frames_cannot_all_be_right(described, queries):
    chosen = select(described, range(4))
    table = tables.by_results(methods.exact_descriptor(described, chosen), chosen, queries, n_results=4).frame
    keys = np.array([{0: 1, 1: 2, 2: 1}[int(clips[0])] for clips in queries.relevant])
    assert table.loc["4", "Maximum"] == pytest.approx(np.minimum(keys, 4).mean() / 4)
    assert (table["Accuracy"] <= table["Maximum"] + 1e-12).all()


def test_all_candidates_agree_with_exact_search(described, queries):
    table = tables.by_candidates(described, select(described, range(4)), queries, candidates=(1, 2, 1000)).frame
    assert table.index.tolist() == ["1", "2", "5"]
    assert table["Agreement with exact search"].iloc[-1] == 1


def test_tables_have_the_printed_headings(described, network, queries, six):
    chosen = select(described, range(4))
    two = tables.table_2(described, [(np.arange(4), described.changes)] * 2, 1.4)
    printed = headings.flat(published.table("key_frames", "2"))
    assert set(printed.index) <= set(two.frame.index)
    assert two.frame.columns.tolist() == printed.columns.tolist()
    assert two.checks[0].frame["Number of key frames"].tolist() == [len(chosen.rows)] * 2
    five = tables.table_5(six, queries, described.hours, tables.network_ms(queries, network, SIDE, n=2))
    printed = headings.flat(published.table("key_frames", "5"))
    assert five.frame.index.tolist() == printed.index.tolist()
    assert set(printed.columns) <= set(five.frame.columns)
    assert (five.frame["Time (s)"] > 0).all()
    assert five.per_query["DFSP", "Acc"].tolist() == methods.find(six["DFSP"], queries).first_right(queries).tolist()
    assert five.measured().loc["DFSP", "Acc"].interval[0] <= five.frame.loc["DFSP", "Acc"]


def test_a_users_own_clips_stand_in_columns_of_their_own(described):
    own = tables.table_2(described, [(np.arange(4), described.changes)] * 2, 1.4, own=True)
    assert own.frame.columns.tolist() == ["some of the clips", "all clips"]
    assert list(own.reasons) == headings.flat(published.table("key_frames", "2")).columns.tolist()


def test_a_method_that_is_left_out_has_its_reason_in_the_table(described, queries, six):
    table = tables.table_5(six | {"DFSE [27]": LeftOut("too few frames")}, queries, described.hours, 1.0)
    assert "DFSE [27]" not in table.frame.index
    assert table.reasons == {"DFSE [27]": "too few frames"}


def test_table_1_is_the_printed_one_with_the_widths_of_the_full_network(network):
    printed = headings.flat(published.table("key_frames", "1"))
    found = tables.table_1(network).frame
    assert found.index.tolist() == printed.index.tolist()
    places = [str(size).rsplit(" × ", 1)[0] for size in printed["Output size"]]
    assert [size.rsplit(" × ", 1)[0] for size in found["Output size"]] == places
    assert found["Output size"].iloc[-1] == "7 × 7 × 128"
    assert tables.table_1(backbones.load("resnet50", "embedded")).frame.empty


def test_compression_by_rate_counts_what_selection_counts(short_clips, described):
    table = tables.compression_by_rate(tables.changes_by_rate(short_clips, {"4": FPS}), 1.4).frame
    chosen = select(described, range(4))
    assert table.loc["4"].tolist() == [41, len(chosen.rows), len(chosen.rows) / 4, chosen.compression_ratio]


def test_table_2_counts_each_set_at_the_rate_of_its_own_changes(short_clips, described):
    """Clip 1 has 13 frames at 4 a second and every other one at 2; θ = 1000 leaves one key frame."""
    halved = tables.changes_by_rate(short_clips, {"2": 2.0})["2"]
    table = tables.table_2(described, [(np.array([1]), halved), (np.arange(4), described.changes)], 1000).frame
    assert table.loc["Number of frames"].tolist() == [7, 41]
    assert table.loc["Number of key frames"].tolist() == [1, 4]
    assert table.loc["Frames per second"].tolist() == [f"{7 / 3.25:.2f}", "4.00"]
    assert table.loc["Compression ratio"].tolist() == pytest.approx([1 - 1 / 7, 1 - 4 / 41])


def test_figure_4_compresses_more_as_theta_grows(described, queries):
    table = tables.figure_4(described, range(4), queries, KeyFrameOptions(), 5, thetas=(0, 1.4, 8)).frame
    assert table.columns.tolist() == ["0", "1.4", "8"]
    ratio = table.loc["Compression ratio"]
    assert ratio.is_monotonic_increasing
    assert ratio["8"] == 1 - 4 / 41


def test_levels_need_a_query_that_has_one(queries, six):
    with pytest.raises(NoExampleError, match="no query has a level"):
        tables.by_level(six, [queries])


def test_every_variant_is_tried_with_every_kind_of_query(described, queries):
    found = variants.one_choice_at_a_time(described, range(4), KeyFrameOptions(), 3, [queries], fps=FPS)
    assert set(found.per_query) == {(row, "Acc, frames") for row in found.frame.index}
    assert found.measured().notna().all(axis=None)
    table = found.frame
    assert table.loc["every sampled frame kept", "Key frames"] == 41
    assert table.loc["every sampled frame kept", "Acc, frames"] == 1
    assert table.loc["m + 1 clusters for m peaks", "Key frames"] == 7


def test_a_querys_own_frame_can_be_taken_out(described, queries):
    """With every frame in the database the frame itself is always first; without it, never."""
    every = every_frame(described, range(4))
    method = methods.exact_descriptor(described, every)
    own_rows = [
        described.frames.offsets[clips[0]] + number
        for clips, number in zip(queries.relevant, queries.numbers, strict=True)
    ]
    with_own = methods.find(method, queries).items[:, 0]
    assert np.array_equal(described.descriptors[with_own], described.descriptors[own_rows])
    assert (variants.find_without_own_frame(described, every, method, queries).items[:, 0] != own_rows).all()


def test_colour_changes_stand_between_their_frames_beside_the_key_frames(described):
    own = described.frames.rows(1)
    fig = boundary_curves.colour_changes(described.frames.times[own], described.changes[1], 1.4, [1.0])
    [ax] = fig.axes
    changes, limit, key_frame = ax.lines
    assert np.allclose(changes.get_xdata(), np.arange(12) / FPS + 0.5 / FPS)
    assert limit.get_ydata()[0] == pytest.approx(1.4 * described.changes[1].mean())
    assert key_frame.get_xdata() == [1.0, 1.0]
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    plt.close(fig)


def test_a_clip_of_one_frame_has_no_colour_changes_to_draw():
    with pytest.raises(NoExampleError, match="no colour changes"):
        boundary_curves.colour_changes([0.0], [], 1.4)


def test_results_show_the_query_and_what_was_found(described, queries, six):
    found = methods.find(six["Ours"], queries, 3)  # of two candidates
    fig = plots.results(described, select(described, range(4)), queries, found, [0, 5])
    assert [ax.get_title() for ax in fig.axes] == ["query", "1", "2", ""] * 2
    plt.close(fig)
