"""Notebook 08's helpers on four short clips, drawn and encoded on the spot."""

from pathlib import Path

import av
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vretlib import paths
from vretlib.chapters import key_frames as kf
from vretlib.chapters.key_frames import choices, examples, pictures, tables
from vretlib.chapters.key_frames.methods import Answers
from vretlib.datasets.clips.collection import Clip, ClipQuery
from vretlib.errors import UserError
from vretlib.features import backbones
from vretlib.features.encoding import Mixture
from vretlib.video.color_histogram import color_histogram, neighbour_distances

FPS, SIDE = 4, 64
RNG = np.random.default_rng(7)
LOOKS = [
    np.kron(RNG.integers(0, 255, (6, 9, 3)) * RNG.uniform(0.2, 1, 3), np.ones((16, 16, 1))).astype(np.uint8)
    for _ in range(7)
]
# Looks of each clip and how many frames each lasts; the last clip is black, the one before it never changes.
SHOTS = [[(0, 6), (1, 6)], [(2, 5), (3, 4), (4, 4)], [(5, 8)], [(None, 8)]]


def write(path: Path, shots: list[tuple[int | None, int]]) -> Path:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=FPS, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 144, 96, "yuv420p"
        for look, n in shots:
            for i in range(n):
                image = np.zeros((96, 144, 3), np.uint8) if look is None else np.roll(LOOKS[look], i if n < 8 else 0, 1)
                file.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        file.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", cache)
        clips = [Clip(f"clip {i}", write(folder / f"{i}.mp4", shots)) for i, shots in enumerate(SHOTS)]
        backbone = backbones.load("vgg16", "embedded")
        described = kf.describe(clips, backbone, fps=FPS, side=SIDE, say=lambda _: None)
        drawn = kf.queries.drawn_frames(clips, [0, 1, 2], 12, seed=3, say=lambda _: None)
        asked = kf.queries.describe(drawn, backbone, side=SIDE, say=lambda _: None)
        yield clips, backbone, described, asked


def test_every_frame_is_described_where_the_rate_is_the_clips_own(study):
    _, backbone, described, _ = study
    assert np.diff(described.frames.offsets).tolist() == [12, 13, 8, 8]
    assert described.maps.shape == (41, backbone.channels("pool5"), 2, 2)
    assert np.allclose(described.descriptors, described.maps.mean(axis=(2, 3)), atol=1e-5)
    assert described.hours == pytest.approx(41 / FPS / 3600)


def test_colour_changes_are_those_of_the_decoded_frames(study):
    clips, _, described, _ = study
    from vretlib.video import frames

    images = [frame.image for frame in frames.stream(clips[1].path, color="rgb")]
    expected = neighbour_distances([color_histogram(image) for image in images])
    assert np.allclose(described.changes[1], expected)


def test_several_rates_in_one_pass(study):
    clips, *_ = study
    half, full = kf.color_changes(
        clips, [(kf.HistogramOptions(), FPS / 2), (kf.HistogramOptions(), kf.EVERY_FRAME)], say=lambda _: None
    )
    assert [len(d) for d in half] == [5, 6, 3, 3]
    assert [len(d) for d in full] == [11, 12, 7, 7]


def test_a_clip_never_ends_without_a_key_frame_and_cuts_are_peaks(study):
    _, _, described, _ = study
    chosen = kf.select(described, range(4))
    assert chosen.per_clip.tolist() == [1, 2, 1, 1]
    assert chosen.stretches.tolist() == [[0, 6], [6, 12], [12, 17], [17, 21], [21, 25], [25, 33], [33, 41]]
    assert chosen.stretch_clips.tolist() == [0, 0, 1, 1, 1, 2, 3]
    assert chosen.compression_ratio == 1 - 5 / 41
    one_more = kf.select(described, range(4), kf.KeyFrameOptions(clusters="one_more", seeding="k_means++"))
    assert one_more.per_clip.tolist() == [2, 3, 1, 1]


def test_key_frames_of_some_clips_are_those_of_all(study):
    _, _, described, _ = study
    every, some = kf.select(described, range(4)), kf.select(described, [1, 3])
    assert some.rows.tolist() == every.rows[np.isin(every.clips, [1, 3])].tolist()
    assert some.n_frames == 13 + 8


def test_clusters_of_maps_and_of_descriptors_have_as_many_key_frames(study):
    _, _, described, _ = study
    assert kf.select(described, range(4), cluster_on="maps").per_clip.tolist() == [1, 2, 1, 1]
    with pytest.raises(UserError, match="cluster_on"):
        kf.select(described, [0], cluster_on="fc6")


def test_compression_by_rate_counts_what_selection_counts(study):
    _, _, described, _ = study
    table = kf.compression_by_rate({"4": described.changes}, 1.4)
    assert table.loc["4", "Key frames"] == len(kf.select(described, range(4)).rows)
    assert table.loc["4", "Frames"] == 41


@pytest.fixture(scope="module")
def methods(study):
    clips, _, described, _ = study
    films = kf.describe_binary(clips, width=144, say=lambda _: None)
    encoding = kf.FisherEncoding.learn(described.maps, 16, seed=0, gaussians=2, local_dimensions=8)
    made, left_out = kf.six(described, kf.select(described, range(4)), encoding, films, 2)
    assert left_out == {}
    return made


def test_bytes_and_dimensions_of_the_six(study, methods):
    chosen = kf.select(study[2], range(4))
    d, k = 128, len(chosen.rows)
    assert [m.dimension for m in methods] == ["16, 128", "16", "512", "16", "128", "256"]
    sizes = [4 * k * (d + 16), 4 * k * 16, 4 * k * 512, 4 * k * 16, 4 * len(chosen.stretches) * d]
    assert [m.nbytes for m in methods[:5]] == sizes
    assert methods[5].nbytes % 32 == 0


def test_a_frame_of_a_clip_finds_its_clip_by_every_method(study, methods):
    asked = study[3]
    for method in methods[:5]:
        found = kf.ask(method, asked)
        assert tables.accuracy(found, asked.queries) >= 0.5, method.name
        assert found.items.shape == (12, 1)


def test_lbtt_knows_the_clip_that_has_tracks_of_more_than_seven_frames(study, methods):
    found, still = kf.ask(methods[5], study[3]), [2 in clips for clips in study[3].queries.relevant]
    assert any(still)
    assert (found.clips[still] == 2).all()


def test_exact_methods_are_brute_force(study, methods):
    _, _, described, asked = study
    chosen = kf.select(described, range(4))
    index = described.descriptors.reshape(len(described.descriptors), -1, 8).mean(axis=2)
    xq = asked.descriptors.reshape(12, -1, 8).mean(axis=2)
    expected = np.linalg.norm(xq[:, None] - index[chosen.rows][None], axis=2).argmin(axis=1)
    assert kf.ask(methods[1], asked).items[:, 0].tolist() == expected.tolist()
    shots = np.stack([described.descriptors[a:b].max(axis=0) for a, b in chosen.stretches])
    expected = np.linalg.norm(asked.descriptors[:, None] - shots[None], axis=2).argmin(axis=1)
    assert kf.ask(methods[4], asked).items[:, 0].tolist() == expected.tolist()
    everyone = kf.ours(described, chosen, len(chosen.rows))
    exactly = kf.exact_descriptor(described, chosen)
    assert np.array_equal(kf.ask(everyone, asked, 3).items, kf.ask(exactly, asked, 3).items)


def test_one_by_one_or_together_is_the_same(study, methods):
    for method in methods:
        together = kf.ask(method, study[3], 2, one_by_one=False)
        assert np.array_equal(kf.ask(method, study[3], 2).items, together.items)


def test_places_that_nothing_was_found_for_are_no_matches(study, methods):
    found = kf.ask(methods[0], study[3], 4)  # of two candidates
    assert found.items.shape == (12, 4)
    assert (found.items[:, 2:] == -1).all()
    assert (found.clips[:, 2:] == -1).all()
    assert tables.accuracy(found, study[3].queries) <= 0.5


def test_accuracy_is_matches_over_retrieved_frames():
    found = Answers(np.array([[0, 1], [2, 3]]), np.array([[5, 5], [6, 7]]), 0.0, 0.0)
    queries = kf.Queries("x", (np.zeros((2, 2, 3), np.uint8),) * 2, (np.array([5]), np.array([7, 8])), np.full(2, -1))
    assert tables.accuracy(found, queries) == 0.75


def test_more_results_than_a_clip_has_key_frames_cannot_all_be_right(study):
    _, _, described, asked = study
    chosen = kf.select(described, range(4))
    table = tables.by_results(kf.exact_descriptor(described, chosen), chosen, asked, most=4)
    keys = np.array([{0: 1, 1: 2, 2: 1}[int(clips[0])] for clips in asked.queries.relevant])
    assert table.loc[4, "Most possible"] == pytest.approx(np.minimum(keys, 4).mean() / 4)
    assert (table["Accuracy"] <= table["Most possible"] + 1e-12).all()


def test_all_candidates_agree_with_exact_search(study):
    _, _, described, asked = study
    table = tables.by_candidates(described, kf.select(described, range(4)), asked, candidates=(1, 2, 1000))
    assert table.index.tolist() == [1, 2, 5]
    assert table.loc[5, "Agreement"] == 1


def test_tables_have_the_printed_headings(study, methods):
    from vretlib.report import headings, published

    _, backbone, described, asked = study
    chosen = kf.select(described, range(4))
    two = tables.table_2(described, {"The NTU": chosen, "The 2001 TREC": chosen})
    printed = headings.flat(published.table("key_frames", "2"))
    assert two.index.tolist() == printed.index.tolist()
    assert two.columns.tolist() == printed.columns.tolist()
    five = tables.table_5(methods, asked, described.hours, tables.network_ms(asked.queries, backbone, SIDE, n=2))
    printed = headings.flat(published.table("key_frames", "5"))
    assert five.index.tolist() == printed.index.tolist()
    assert set(printed.columns) <= set(five.columns)
    assert (five["Time (s)"] > 0).all()
    assert tables.counted(two).loc["Number of key frames"].tolist() == [5, 5]


def test_table_1_is_the_printed_one_with_the_widths_of_the_full_network():
    from vretlib.report import headings, published

    printed = headings.flat(published.table("key_frames", "1"))
    found = tables.table_1(backbones.load("vgg16", "embedded"))
    assert found.index.tolist() == printed.index.tolist()
    places = [str(size).rsplit(" × ", 1)[0] for size in printed["Output size"]]
    assert [size.rsplit(" × ", 1)[0] for size in found["Output size"]] == places
    assert found["Output size"].iloc[-1] == "7 × 7 × 128"
    assert tables.table_1(backbones.load("resnet50", "embedded")).empty


def test_figure_4_compresses_more_as_theta_grows(study):
    _, _, described, asked = study
    table = tables.figure_4(described, range(4), asked, kf.KeyFrameOptions(), 5, thetas=(0, 1.4, 8))
    assert table.columns.tolist() == ["0", "1.4", "8"]
    ratio = table.loc["Compression ratio"]
    assert ratio.is_monotonic_increasing
    assert ratio["8"] == 1 - 4 / 41


def test_every_choice_is_asked_every_kind_of_query(study):
    _, _, described, asked = study
    chosen = choices.choices(described, range(4), kf.KeyFrameOptions(), 3, fps=FPS, say=lambda _: None)
    table = choices.compare(described, chosen, [asked])
    assert table.loc["every sampled frame kept", "Key frames"] == 41
    assert table.loc["every sampled frame kept", "Acc, frames"] == 1
    assert table.loc["m + 1 clusters for m peaks", "Key frames"] == 7


def test_a_querys_own_frame_can_be_taken_out(study):
    """With every frame in the database the frame itself is always first; without it, never."""
    _, _, described, asked = study
    every = kf.every_frame(described, range(4))
    method = kf.exact_descriptor(described, every)
    found = {
        own: choices._asked(described, choices.Choice("", every, method, own), asked).items for own in (True, False)
    }
    own_rows = [
        described.frames.offsets[clips[0]] + number
        for clips, number in zip(asked.queries.relevant, asked.queries.numbers, strict=True)
    ]
    same = np.array(described.descriptors[found[True][:, 0]] == described.descriptors[own_rows]).all(axis=1)
    assert same.all()
    assert (found[False][:, 0] != own_rows).all()


def test_the_fisher_encoding_is_that_of_its_parts(study):
    _, _, described, _ = study
    encoding = kf.FisherEncoding.learn(described.maps, 4, seed=0, gaussians=2, local_dimensions=3)
    assert encoding.encode(described.maps[:5]).shape == (5, 4)
    assert isinstance(encoding.places.mixture, Mixture)
    assert encoding.places.mixture.means.shape == (2, 3)
    again = kf.FisherEncoding.learn(described.maps, 4, seed=0, gaussians=2, local_dimensions=3)
    assert np.array_equal(again.encode(described.maps), encoding.encode(described.maps))
    with pytest.raises(UserError, match="at least 64 frames"):
        kf.FisherEncoding.learn(described.maps, 64, seed=0)


def test_lbtt_says_nothing_to_an_image_without_features(study, methods):
    black = kf.Queries("x", (np.zeros((96, 144, 3), np.uint8),), (np.array([0]),), np.array([-1]))
    asked = kf.queries.describe(black, study[1], side=SIDE, say=lambda _: None)
    assert kf.ask(methods[5], asked, 2).clips.tolist() == [[-1, -1]]
    assert kf.ask(methods[0], asked).clips.tolist() == [[3]]  # the black clip


def test_photographs_keep_all_relevant_clips(tmp_path, study):
    import cv2

    cv2.imwrite(str(tmp_path / "q.png"), LOOKS[0][..., ::-1])
    query = ClipQuery("q", "VB", tmp_path / "q.png", np.array([0, 2]))
    found = kf.queries.photographs([query])
    assert (found.kind, len(found), found.relevant[0].tolist()) == ("VB", 1, [0, 2])
    with pytest.raises(UserError, match="of one"):
        kf.queries.photographs([])


def test_the_small_set_is_spread():
    assert kf.spread(10, 4).tolist() == [0, 3, 6, 9]
    assert kf.spread(3, 40).tolist() == [0, 1, 2]
    with pytest.raises(UserError):
        kf.spread(3, 0)


def test_pictures_have_axes_with_words(study, methods):
    _, _, described, asked = study
    chosen = kf.select(described, range(4))
    clip = examples.eventful(chosen)
    assert clip == 1
    rows = examples.strip(described, chosen, clip, most=6)
    assert len(rows) == 6
    assert set(chosen.rows[chosen.clips == clip]) <= set(rows)
    own = described.frames.rows(clip)
    found = kf.ask(methods[0], asked, 2)
    shown = examples.found(described, chosen, asked.queries, found, 0)
    five = tables.table_5(methods[:2], asked, described.hours, 1.0)
    figures = [
        pictures.color_changes(described.frames.times[own], described.changes[clip], 1.4, [1.0]),
        pictures.theta_curves(tables.figure_4(described, range(4), asked, kf.KeyFrameOptions(), 5, thetas=(0, 2)), 1.4),
        pictures.accuracy_by_results(tables.by_results(methods[0], chosen, asked, 3)),
        pictures.candidates(tables.by_candidates(described, chosen, asked, (1, 2)), 2),
        pictures.memory_and_accuracy(five),
    ]
    for fig in figures:
        assert all(ax.get_ylabel() for ax in fig.axes)
        assert fig.axes[0].get_xlabel()
        plt.close(fig)
    strip = pictures.strip(
        examples.pictures(described, rows), examples.captions(described, rows), np.isin(rows, chosen.rows)
    )
    assert strip.axes[0].get_title() == "0.0 s"
    plt.close(strip)
    plt.close(pictures.results([shown]))
    plt.close(pictures.kinds({"frames": asked.queries.images[:3]}))
