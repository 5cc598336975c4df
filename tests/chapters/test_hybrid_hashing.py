"""Paper 001 on made-up vectors of videos: codes of every method, and the tables made of them."""

import numpy as np
import pytest
import torch
from torch import nn

from vretlib import parameters, paths
from vretlib.batch import chapters
from vretlib.chapters.hybrid_hashing import methods, tables
from vretlib.described import faces as described_faces
from vretlib.described.faces import DescribedFaces, VideoFrames
from vretlib.errors import NoExampleError, UserError
from vretlib.models import (
    cards,
    committed_hash_networks,
    committed_hashers,
    committed_kernel_hashers,
    hash_networks_recipe,
)
from vretlib.models.committed_hash_networks import LAYERS, PEOPLE, SWEEP
from vretlib.models.committed_kernel_hashers import NAMES as KERNELS
from vretlib.models.hash_networks_recipe import HashTrainings
from vretlib.models.hashing import deep_validation, hash_recipe
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.report import claims

YTC = "YouTube Celebrities"
RECIPE = HashRecipe(HvihWeights(), 5)


def videos(rng, centres, per_person, n_frames=4):
    """Videos of each person: frames around a place of the video's own, near the person's."""
    persons = np.repeat(np.arange(len(centres)), per_person)
    own = centres[persons] + 0.4 * rng.normal(size=(len(persons), centres.shape[1]))
    video = np.repeat(np.arange(len(persons)), n_frames)
    x = own[video] + 0.2 * rng.normal(size=(len(video), centres.shape[1]))
    return VideoFrames(x.astype(np.float32), video, persons)


@pytest.fixture(scope="module")
def faces():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(5, 10))
    return DescribedFaces("Points", videos(rng, centres, 4), videos(rng, centres, 2))


@pytest.fixture(scope="module")
def runs(faces):
    rows = [*methods.SHALLOW, *methods.DEEP, *methods.VARIANTS]
    return methods.train_all(faces, rows, [4, 8], [0, 1], RECIPE)


def test_every_method_makes_codes_of_videos_and_stills(faces, runs):
    for (_, k, _), one in runs.items():
        assert one.database.shape == (20, 1)  # packed
        assert one.videos.shape == one.stills.shape == (10, 1)
        np.testing.assert_array_equal(np.unpackbits(one.stills, axis=1, count=k), one.hasher.bits(faces.test.x[2::4]))


def test_average_precision_is_that_of_a_stable_sort(faces, runs):
    one = runs["ITQ [15]", 8, 0]
    for query, person, found in zip(one.videos, faces.test.persons, one.to_videos, strict=True):
        order = np.argsort(np.unpackbits(one.database ^ query, axis=1).sum(1), kind="stable")
        hits = faces.train.persons[order] == person
        assert found == pytest.approx((np.cumsum(hits) / np.arange(1, 21))[hits].mean())


def test_only_methods_that_draw_have_several_seeds(runs):
    assert [seed for name, k, seed in runs if (name, k) == (methods.SH, 8)] == [0]
    lsh = [runs["LSH [14]", 8, seed].database for seed in (0, 1)]
    assert (lsh[0] != lsh[1]).any()


def test_a_cell_is_the_mean_over_queries_and_seeds(runs):
    table = tables.table_3({YTC: runs}, [4, 8])
    values = [runs["HVIH", 8, seed].to_videos for seed in (0, 1)]
    column = f"{YTC}|8-bit"
    assert table.frame.loc["HVIH", column] == pytest.approx(np.mean(values))
    assert table.spread["HVIH", column] == pytest.approx([values[0].mean(), values[1].mean()])
    assert table.measured().loc["HVIH", column].over == "queries and seeds"
    assert table.measured().loc[methods.SH, column].over == "queries"
    assert table.frame.index[0] == table.baseline == "LSH [14]"


def test_what_is_not_loaded_or_not_hashed_has_a_reason(runs):
    table = tables.table_4({YTC: runs}, [4, 8])
    assert table.reasons["UMDFaces"] == 'needs dataset="umdfaces"'
    assert table.reasons[f"{YTC}|12-bit"] == "needs 12 in bits"
    assert table.stands_for == {YTC: "Points"}


def test_image_to_video_asks_with_stills(runs):
    table = tables.table_4({YTC: runs}, [8])
    found = np.mean([runs["KSH [28]", 8, seed].to_stills for seed in (0, 1)])
    assert table.frame.loc["KSH [28]", f"{YTC}|8-bit"] == pytest.approx(found)
    assert "DVC [31]" not in table.frame.index


def test_two_strategies_are_rows_of_table_3(runs):
    two, three = (of({YTC: runs}, [8]).frame[f"{YTC}|8-bit"] for of in (tables.table_2, tables.table_3))
    assert two["single-image"] == three["SSDH [42]"]
    assert two["joint image and video ++"] == three["HVIH"]
    assert two["single-video"] != two["joint image and video"]


def test_orders_of_ties_lie_between_the_worst_and_the_best(runs):
    table = tables.ties({k: runs["HVIH", k, 0] for k in (4, 8)})
    between = table.frame[["database order", "database reversed", "expected"]]
    assert (between.to_numpy() >= table.frame[["worst"]].to_numpy() - 1e-9).all()
    assert (between.to_numpy() <= table.frame[["best"]].to_numpy() + 1e-9).all()
    assert table.frame.loc["4-bit", "database order"] == pytest.approx(runs["HVIH", 4, 0].to_videos.mean())


def test_bytes_are_those_of_packed_codes_and_of_single_precision(faces, runs):
    frame = tables.memory(faces, runs, "HVIH", [4, 8]).frame["bytes per video"]
    assert frame.to_dict() == {"features of all frames": 160, "mean feature": 40, "4 bits": 1, "8 bits": 1}


def test_a_method_may_learn_from_other_people_than_those_of_the_database(faces):
    rng = np.random.default_rng(1)
    others = videos(rng, rng.normal(size=(3, 10)), 4)
    own, new = (methods.train_all(faces, ["ITQ [15]"], [4], [0], RECIPE, learn) for learn in (None, others))
    np.testing.assert_allclose(new["ITQ [15]", 4, 0].hasher.mean, others.x.mean(0), atol=1e-5)
    np.testing.assert_allclose(own["ITQ [15]", 4, 0].hasher.mean, faces.train.x.mean(0), atol=1e-5)
    assert new["ITQ [15]", 4, 0].database.shape == own["ITQ [15]", 4, 0].database.shape


def test_the_sweep_is_judged_and_drawn_seed_by_seed(faces, runs):
    sweep = methods.over_lambda2(runs, [0.01, 0.1, 1.0], 8, [0, 1], RECIPE)
    assert sweep[0.01] == [runs["HVIH", 8, seed] for seed in (0, 1)]  # nothing is trained twice
    without = [runs["joint image and video", 8, seed] for seed in (0, 1)]
    fewer = DescribedFaces(
        "Fewer", faces.train, VideoFrames(faces.test.x[:12], faces.test.video[:12], np.array([0, 0, 1]))
    )
    other = methods.train_all(fewer, ["HVIH"], [8], [0, 1], RECIPE)
    table = tables.figure_6(
        {"Points": {tables.WITHOUT: without, "0.1": sweep[0.1], "1": sweep[1.0]},
         "Fewer": {weight: list(other.values()) for weight in (tables.WITHOUT, "0.1", "1")}}
    )  # fmt: skip
    assert table.spread["1", "Points"] == pytest.approx([one.to_videos.mean() for one in sweep[1.0]])
    assert table.spread[tables.WITHOUT, "Points"] == pytest.approx([one.to_videos.mean() for one in without])
    [judged] = claims.judge(["001-13"], {("hybrid_hashing", "Figure 6"): table.measured().T})
    assert judged.obtained.total == 4


def test_a_curve_ends_with_everything_retrieved(faces, runs):
    recall, precision = methods.precision_recall(runs, 8, 0)["SSDH [42]"]
    assert recall[-1] == pytest.approx(1)
    assert precision[-1] == pytest.approx(faces.relevant.mean())


def test_orders_of_ties_stand_side_by_side(runs):
    frame = tables.orders({"Points": runs}, [4]).frame
    values = [[one.to_videos.mean(), one.expected.mean()] for (m, k, _), one in runs.items() if (m, k) == ("HVIH", 4)]
    np.testing.assert_allclose(frame.loc["HVIH"], np.mean(values, axis=0))
    assert len(frame) == 12


def with_maps(part, rng):
    """The same videos with maps of which the features are the means, and a little noise."""
    maps = part.x[:, :, None, None] + 0.1 * rng.normal(size=(*part.x.shape, 2, 2)).astype(np.float32)
    return VideoFrames(maps.mean((2, 3)), part.video, part.persons, maps)


@pytest.fixture(scope="module")
def mapped(faces):
    rng = np.random.default_rng(3)
    return DescribedFaces("Maps", with_maps(faces.train, rng), with_maps(faces.test, rng))


def front():
    return nn.Sequential(nn.Conv2d(10, 10, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())


@pytest.mark.parametrize("method", [*methods.DEEP, *methods.VARIANTS])
def test_a_second_stage_tunes_the_layers_in_front_for_every_deep_method(mapped, method):
    layers = front()
    recipe = RECIPE.with_second_stage(layers, 3)
    [one] = methods.train_all(mapped, [method], [8], [0], recipe).values()
    assert one.hasher.log.steps == 8
    assert not torch.equal(one.hasher.network.front[0].weight, layers[0].weight)
    np.testing.assert_array_equal(one.frames, mapped.test.maps)
    np.testing.assert_array_equal(
        np.unpackbits(one.stills, axis=1), one.hasher.bits(mapped.test.maps[mapped.test.middle])
    )


def test_no_second_step_leaves_one_stage(mapped):
    recipe = RECIPE.with_second_stage(front(), 0)
    assert recipe == RECIPE
    runs = methods.train_all(mapped, ["SSDH [42]", "ITQ [15]"], [8], [0], recipe)
    assert all(one.frames is mapped.test.x for one in runs.values())


def test_a_second_stage_needs_maps(faces):
    with pytest.raises(UserError, match="describe them with maps"):
        methods.train_all(faces, ["HVIH"], [8], [0], RECIPE.with_second_stage(front(), 1))


def test_both_stages_stand_beside_the_first(runs, mapped):
    both = methods.train_all(
        mapped, list(methods.STRATEGIES.values()), [8], [0, 1], RECIPE.with_second_stage(front(), 2)
    )
    frame = tables.both_stages(runs, both).frame
    assert list(frame.index) == list(methods.STRATEGIES)
    expected = np.mean([both["HVIH", 8, seed].to_stills for seed in (0, 1)])
    assert frame.loc["joint image and video ++", "image to video|both stages"] == pytest.approx(expected)
    first = np.mean([runs["SSDH [42]", 8, seed].to_videos for seed in (0, 1)])
    assert frame.loc["single-image", "video to video|first stage"] == pytest.approx(first)
    with pytest.raises(NoExampleError, match="have 8 bits"):
        tables.both_stages({key: one for key, one in runs.items() if key[1] == 4}, both)


def test_the_committed_functions_belong_to_the_page_as_it_is():
    given = page_parameters()
    sizes = {"a": (24, 20, 5786), "b": (60, 8, 5746)}
    drawn = {files[which]: sizes[which] for files in (LAYERS, KERNELS, SWEEP) for which in "ab"}
    drawn |= {PEOPLE["known"]: (12, 20, 2890), PEOPLE["new"]: (12, 20, 2896)}
    for name, (people, videos_each, n_frames) in (drawn | {"hash_networks": sizes["a"]}).items():
        file = committed_hash_networks.file(name)
        learned = VideoFrames(
            np.zeros((n_frames, 1), np.float32), np.arange(0), np.repeat(np.arange(people), videos_each)
        )
        longest_only = {*PEOPLE.values(), "hash_networks"}
        lengths = [max(given["bits"])] if name in longest_only else given["bits"]
        seeds = [] if name == "hash_networks" else given["seeds"]
        assert not committed_hash_networks.lacks(file, learned, given, lengths, seeds)
        assert committed_hash_networks.lacks(file, learned, given | {"seed": 4}) == "seed=4 instead of 0"
        if name not in KERNELS.values():
            assert committed_hash_networks.lacks(file, learned, given | {"gamma": 0.4}) == "gamma=0.4 instead of 0.5"
        if name in LAYERS.values():
            assert set(cards.read(file)["objectives"]) == {*methods.DEEP.values(), *methods.VARIANTS.values()}
        if name in PEOPLE.values():
            why = committed_hash_networks.lacks(file, learned, given | {"new_people_share": 0.4})
            assert why == "new_people_share=0.4 instead of 0.5"
        if name in SWEEP.values():
            swept = {value for value in given["swept"] if value != given["lambda2"]}
            assert set(cards.read(file)["objectives"]) == {*map(hash_recipe.with_lambda2, swept)}


def page_parameters(**changed):
    """All parameters of the page that can change its numbers."""
    [page] = [one for one in chapters.find(paths.NOTEBOOKS) if one.name == "10_hybrid_hashing"]
    defaults = {name: one.default for name, one in page.parameters.items()}
    return {"swept": defaults["swept"]} | parameters.check(page.name, defaults | changed).deciding


def test_functions_for_a_drawn_set_of_another_size_are_trained_here(monkeypatch):
    """With ``people`` given as the default of set A, set B has as many people too, unlike the set of its file."""
    given, asked = page_parameters(sizes={"people": 24}), {}
    b = VideoFrames(np.zeros((2000, 1), np.float32), np.arange(0), np.repeat(np.arange(24), 8))
    monkeypatch.setattr(methods, "train_all", lambda faces, rows, *_: asked.setdefault(faces.name, rows) and {})
    a = VideoFrames(np.zeros((5000, 1), np.float32), np.arange(0), np.repeat(np.arange(24), 20))
    both = {YTC: DescribedFaces("A", a, a), "UMDFaces": DescribedFaces("B", b, b)}
    _, unused = methods.all_methods(both, [12], [0], RECIPE, given)
    assert set(unused) == {*LAYERS.values(), *KERNELS.values(), *SWEEP.values()}
    assert unused["hash_layers_a"] == "5000 frames instead of 5786"
    assert unused["ksh_b"].startswith("192 videos instead of 480; ")
    every = [*methods.SHALLOW, *methods.DEEP, *methods.VARIANTS]
    assert asked == {"A": every, "B": every}
    _, unused = methods.all_methods({"mine": both[YTC]}, [12], [0], RECIPE, given | {"dataset": "folder"})
    assert set(unused.values()) == {"dataset='folder' instead of 'embedded'"}


def test_committed_functions_have_the_codes_of_those_that_are_trained_here(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(3, 10))
    faces = DescribedFaces("Points", videos(rng, centres, 5), videos(rng, centres, 2))
    monkeypatch.setattr(committed_hash_networks, "file", lambda name: tmp_path / f"{name}.safetensors")
    learn, asked, data = faces.train, faces.test, {"gamma": 0.5}
    every = (*methods.DEEP.values(), *methods.VARIANTS.values())
    for name, objectives in (("hash_layers_a", every), ("hash_sweep_a", (hash_recipe.with_lambda2(10),))):
        recipe = HashTrainings(objectives, bits=(4, 8, 12), n_seeds=3, first=5)
        out = committed_hash_networks.file(name)
        hash_networks_recipe.train(name, learn, asked, front(), out, recipe, data=data)
    out = committed_hash_networks.file("ksh_a")
    committed_kernel_hashers.train("ksh_a", learn, asked, out, bits=(4, 8), data={})
    page = {YTC: faces}, [4, 8], [0, 1], RECIPE
    read, unused = methods.all_methods(*page, {"models": "committed", "gamma": 0.5})
    assert unused == dict.fromkeys(("hash_layers_a", "ksh_a", "hash_sweep_a"), "")
    swept = methods.over_lambda2(read[YTC], [10], 8, [0, 1], RECIPE)
    assert swept[10] == [read[YTC]["hvih, λ2=10", 8, seed] for seed in (0, 1)]  # nothing is trained
    given = {"models": "committed", "gamma": 0.4}
    found, unused = methods.all_methods(*page, given)
    why = "gamma=0.4 instead of 0.5"
    assert unused == {"hash_layers_a": why, "ksh_a": "", "hash_sweep_a": why}  # gamma does not touch KSH
    found, unused = methods.all_methods(*page, {"models": "trained here"})
    assert set(unused.values()) == {"as asked for"}
    assert read[YTC].keys() - found[YTC].keys() == {("hvih, λ2=10", k, seed) for k in (4, 8) for seed in (0, 1)}
    differ = [np.unpackbits(read[YTC][job].videos ^ one.videos).mean() for job, one in found[YTC].items()]
    assert np.mean(differ) < 0.01  # half precision moves few bits
    trained = methods.over_lambda2(found[YTC], [10], 8, [0, 1], RECIPE)[10]
    assert np.mean([np.unpackbits(a.videos ^ b.videos) for a, b in zip(trained, swept[10], strict=True)]) < 0.01


def test_new_people_are_searched_with_the_layers_of_a_file_that_fits(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(6, 10))
    faces = DescribedFaces("Points", videos(rng, centres, 5), videos(rng, centres, 2))
    monkeypatch.setattr(committed_hash_networks, "file", lambda name: tmp_path / f"{name}.safetensors")
    learn, others = described_faces.unseen(faces, share=0.5, seed=0)
    recipe = HashTrainings(("ssdh",), bits=(8,), n_seeds=2, first=5)
    for who, taught in (("known", others.train), ("new", learn)):
        name = committed_hash_networks.PEOPLE[who]
        out = committed_hash_networks.file(name)
        hash_networks_recipe.train(name, taught, others.test, front(), out, recipe, database=others.train)
        assert 0 < cards.read(out)["accuracy"]["stored"]["ssdh, 8 bits"][0] <= 1
    asked = faces, ["SSDH [42]"], 8, [0, 1], RECIPE, 0.5, 0
    here, unused = tables.new_people(*asked, {"models": "trained here"})
    assert unused == dict.fromkeys(committed_hash_networks.PEOPLE.values(), "as asked for")
    monkeypatch.setattr(methods, "_train", lambda *_: pytest.fail("a layer is trained"))
    read, unused = tables.new_people(*asked, {"models": "committed"})
    assert unused == dict.fromkeys(committed_hash_networks.PEOPLE.values(), "")
    assert np.abs((read.frame - here.frame).to_numpy(float)).max() < 0.05  # half precision moves few bits


def test_curves_are_those_of_a_card_that_fits(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(3, 10))
    learn, asked = videos(rng, centres, 5), videos(rng, centres, 2)
    monkeypatch.setattr(committed_hash_networks, "file", lambda name: tmp_path / f"{name}.safetensors")
    recipe = HashTrainings(("ssdh", "dsh"), bits=(4, 8), n_seeds=1, first=5)
    hash_networks_recipe.train("layers", learn, asked, front(), committed_hash_networks.file("layers"), recipe)
    collections, rows = {"Points": ("layers", learn)}, {"SSDH [42]": "ssdh"}

    def curves(models: str, n_bits: int) -> dict:
        return committed_hashers.learning_curves(collections, rows, RECIPE, {"models": models}, n_bits, 0)

    here = curves("trained here", 8)
    with monkeypatch.context() as without:
        without.setattr(committed_hash_networks, "file", lambda name: tmp_path / "none.safetensors")
        assert curves("trained here", 8) == here  # no file is needed
    monkeypatch.setattr(deep_validation, "of_methods", lambda *_: "trained")
    kept = curves("committed", 8)["Points"]["SSDH [42]"]
    assert [step for step, _ in kept] == [1, 2, 3, 4, 5]
    assert kept == [(step, pytest.approx(score, abs=5e-5)) for step, score in here["Points"]["SSDH [42]"]]
    assert curves("committed", 4) == {"Points": "trained"}  # the card has the longest code


def test_nobody_is_set_apart_with_a_share_of_0(faces):
    with pytest.raises(NoExampleError, match="new_people_share=0"):
        tables.new_people(None, ["HVIH"], 8, [0], RECIPE, 0.0, 0, {})
