"""Chapter 7 on a handful of paintings: texts and images in every form, the models, and the tables."""

import cv2
import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from vretlib import parameters, paths
from vretlib.batch import chapters
from vretlib.chapters.semantic_art import methods, tables
from vretlib.datasets.paintings.classes import Classes
from vretlib.datasets.paintings.collection import Painting, Paintings
from vretlib.described import painting_tasks
from vretlib.described import paintings as of_paintings
from vretlib.described.painting_questions import questions
from vretlib.errors import NoExampleError
from vretlib.evaluation import intervals
from vretlib.features import backbones
from vretlib.models import cards, committed_spaces, common_spaces_recipe
from vretlib.models.cross_modal_training import CrossModalRecipe
from vretlib.report import comparison

TYPES = ["landscape", "portrait"]
COLOURS = {"red": (200, 30, 30), "green": (30, 160, 40), "blue": (30, 40, 200), "white": (240, 240, 240)}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Paintings of one colour above another; the comment names both."""
    folder, rng = tmp_path_factory.mktemp("paintings"), np.random.default_rng(0)

    def paint(i):
        above, below = rng.choice(list(COLOURS), 2, replace=False)
        pixels = np.empty((64, 48, 3), np.uint8)
        pixels[:32], pixels[32:] = COLOURS[above], COLOURS[below]
        cv2.imwrite(str(folder / f"{i}.png"), pixels[:, :, ::-1])
        kind = TYPES[i % 2]
        text = f"The sky of this {kind} is {above}. The ground below is {below}."
        return Painting(folder / f"{i}.png", f"{above} {kind}", text, {"Type": kind, "School": "Ours"})

    made = [paint(i) for i in range(130)]
    return Paintings("small", tuple(made[:90]), tuple(made[90:100]), tuple(made[100:]))


@pytest.fixture(scope="module")
def texts(small):
    return of_paintings.texts(small, "thesis", 3000, 4)


@pytest.fixture(scope="module")
def visual(small):
    return of_paintings.images(small, [backbones.load("vgg16")], side=64, region_side=96)


def test_images_are_described_by_every_layer_and_divided_in_three(small, visual):
    assert list(visual) == ["VGG16 FC1", "VGG16 FC2", "VGG16 FC3", "RMAC VGG16"]
    for x in visual.values():
        assert [len(part) for part in (x.train, x.val, x.test)] == [90, 10, 30]
        np.testing.assert_allclose(np.linalg.norm(x.test, axis=1), 1, atol=1e-4)


def test_what_cca_reads_is_scikit_learn_s_tf_idf(small, texts):
    words = texts.comments.vocabulary.words
    counts = [[[comment.lower().split(" ").count(w) + comment.lower().split(" ").count(f"{w}.") for w in words]
               for comment in (p.comment for p in part)] for part in (small.train, small.test)]  # fmt: skip
    expected = TfidfTransformer().fit(np.array(counts[0])).transform(np.array(counts[1])).toarray()
    np.testing.assert_allclose(texts.bags(small.test, titles_too=False), expected, atol=1e-6)
    wide = texts.bags(small.test, titles_too=True)
    assert wide.shape[1] == len(words) + texts.titles.vocabulary.size


def test_titles_become_numbers_of_their_words(small, texts):
    samples = texts.samples(small.test[:2], np.ones((2, 3)), "LSTM", "LSTM")
    index = texts.titles.vocabulary.index
    expected = [1 + index[word] for p in small.test[:2] for word in p.title.split(" ")]
    np.testing.assert_array_equal(samples.titles.steps, expected)
    unknown = [Painting(small.test[0].image, "Zebra 12", "", {}), Painting(small.test[0].image, "", "", {})]
    np.testing.assert_array_equal(texts.samples(unknown, np.ones((2, 3)), "LSTM", "LSTM").titles.steps, [0, 0])


def test_a_collection_without_titles_is_read_by_its_comments(small, visual, caplog):
    bare = Paintings("bare", *(tuple(Painting(p.image, "", p.comment) for p in part)
                               for part in (small.train, small.val, small.test)))  # fmt: skip
    caplog.set_level("INFO")
    found = of_paintings.texts(bare, "thesis", 100, 4)
    assert "bare: no training painting has a title; the models read comments alone" in caplog.text
    np.testing.assert_array_equal(found.bags(bare.test, titles_too=True), found.bags(bare.test, titles_too=False))
    wanted = {name: (name, "") for name in painting_tasks.ENCODINGS}
    recipe = CrossModalRecipe(steps=3, sizes=(4, 4), validations=1)
    learned = methods.train_all(visual["VGG16 FC1"], found, recipe, [0], wanted)
    assert all(np.isfinite(method.texts).all() for method in learned.values())


@pytest.fixture(scope="module")
def learned(visual, texts):
    recipe = CrossModalRecipe(steps=200, learning_rate=0.01, sizes=(8, 8), validations=4)
    wanted = {
        "BOWc|BOWa": ("BOWc|BOWa", ""),
        "LSTMc|LSTMa": ("LSTMc|LSTMa", ""),
        "AMDT|MLPc|MLPa": ("MLPc|MLPa", "Type"),
    }
    return methods.train_all(visual["VGG16 FC1"], texts, recipe, [0, 1], wanted)


def test_every_model_finds_more_than_chance(learned, visual, texts):
    found = learned | {"cca": methods.with_cca(visual["VGG16 FC1"], texts, titles_too=True)}
    for name in ("BOWc|BOWa", "cca"):
        assert np.mean(found[name].ranks.text_to_image) < 12  # of 30; chance has 15.5


def test_seeds_are_other_trainings_of_the_same_model(learned):
    assert len(learned["LSTMc|LSTMa"].seeds) == 1  # they take too long
    for method in (learned["BOWc|BOWa"], learned["AMDT|MLPc|MLPa"]):
        assert len(method.seeds) == 2
        np.testing.assert_array_equal(method.seeds[0].texts, method.texts)
        assert np.abs(method.seeds[1].texts - method.texts).max() > 0.01


PARAMETERS = {"models": "committed", "seeds": [0, 1]}


@pytest.fixture
def committed(visual, texts, tmp_path, monkeypatch):
    """Networks of the small collection in the place of the project's file."""
    x, out = visual["VGG16 FC1"], tmp_path / "common_spaces.safetensors"
    of = {
        name: painting_tasks.task(x, texts, form) for name, form in painting_tasks.forms(texts.paintings.train).items()
    }
    recipe = CrossModalRecipe(steps=4, sizes=(4, 4), validations=2)
    common_spaces_recipe.train(of, out, recipe, seeds=2, data={"seeds": [0, 1]})
    monkeypatch.setattr(committed_spaces, "file", lambda: out)
    return recipe


def test_committed_networks_are_those_that_a_training_here_ends_in(committed, visual, texts):
    x = visual["VGG16 FC1"]
    read, note = methods.learned(x, texts, committed, [0, 1], PARAMETERS)
    here, other = methods.learned(x, texts, committed, [0, 1], PARAMETERS | {"models": "trained here"})
    assert note == "committed, common_spaces.safetensors: 2 trainings of each"
    assert other == "trained here: at most 4 steps, seeds 0, 1; as asked for"
    assert list(read) == list(here)
    for name, method in read.items():
        assert len(method.seeds) == 2
        np.testing.assert_allclose(method.texts, here[name].texts, atol=5e-3)  # half precision
        np.testing.assert_allclose(method.images, here[name].images, atol=5e-3)
        np.testing.assert_array_equal(method.log.validation, here[name].log.validation)


def test_committed_networks_are_left_where_a_parameter_is_another(committed, visual, texts):
    _, note = methods.learned(visual["VGG16 FC1"], texts, committed, [0], PARAMETERS | {"seeds": [0]})
    assert note == "trained here: at most 4 steps, seeds 0; seeds=[0] instead of [0, 1]"


def test_a_cell_is_the_mean_of_its_queries_and_mr_their_median(learned):
    table = tables.retrieval({"BOWc|BOWa": learned["BOWc|BOWa"]}, "7.4", {"": "not here"})
    ranks = learned["BOWc|BOWa"].ranks
    row = table.frame.loc["BOWc|BOWa"]
    assert row["Text-to-Image|R@5"] == pytest.approx((ranks.text_to_image <= 5).mean())
    assert row["Image-to-Text|MR"] == np.median(ranks.image_to_text)
    assert table.measured().loc["BOWc|BOWa", "Text-to-Image|MR"].interval[0] <= row["Text-to-Image|MR"]
    assert table.spread["BOWc|BOWa", "Text-to-Image|R@1"][0] == row["Text-to-Image|R@1"]
    assert table.reasons == dict.fromkeys(["LSTMc|LSTMa", "MLPc|LSTMa", "MLPc|MLPa"], "not here")


def test_table_7_5_has_the_random_row_by_expectation(learned):
    table = tables.retrieval({tables.CCA: learned["BOWc|BOWa"]}, "7.5", {"": "not here"}, baseline=tables.CCA)
    row = table.frame.loc[tables.RANDOM]
    assert (row["Text-to-Image|R@5"], row["Image-to-Text|MR"]) == (pytest.approx(5 / 30), 15.5)


def test_an_amd_is_compared_with_the_cml_query_by_query(learned):
    cml, amd = learned["BOWc|BOWa"], learned["AMDT|MLPc|MLPa"]
    table = tables.retrieval({tables.CML: cml, "AMDT|MLPc|MLPa": amd}, "7.5", {"": "not here"})
    beside = tables.over_cml(table)
    assert list(beside.frame.index) == [tables.CML, "AMDT|MLPc|MLPa"]
    assert (beside.baseline, beside.checks) == (tables.CML, ())
    of = {name: tables.scores(method.ranks) for name, method in (("cml", cml), ("amd", amd))}
    at_5 = of["amd"]["Text-to-Image|R@5"] - of["cml"]["Text-to-Image|R@5"]
    cells = beside.measured()["Text-to-Image|R@5"]
    gain = cells["AMDT|MLPc|MLPa"] - cells[tables.CML]
    assert gain.interval == pytest.approx(intervals.Resampling(30).interval(at_5)[0])
    with pytest.raises(NoExampleError, match="no value of this attribute"):
        tables.over_cml(tables.retrieval({tables.CML: cml}, "7.5", {"": "not here"}))


@pytest.mark.parametrize("number", ["7.5", ""])
def test_median_ranks_are_shown_with_a_decimal_where_they_are_not_whole(learned, number):
    table = tables.retrieval({tables.CCA: learned["BOWc|BOWa"]}, number, {"": "not here"}, baseline=tables.CCA)
    measured = table.measured()
    if number:
        shown = comparison.with_published("thesis", number, measured, data="x", reasons=table.reasons,
                                          formats=table.formats)  # fmt: skip
        assert shown.cells[tables.RANDOM, "Text-to-Image|MR"].shown == "15.5"
        assert shown.cells[tables.RANDOM, "Text-to-Image|MR"].range_shown == "15.5–15.5"
    else:
        shown = comparison.alone("t", "t", measured, data="x", formats=table.formats)
    for column in tables.MEDIANS:
        assert shown.cells[tables.CCA, column].shown == f"{measured.loc[tables.CCA, column]:g}"


def test_a_missing_encoder_names_its_network_and_file():
    reasons = tables.encoders_missing()
    assert '"resnet152" in networks' in reasons["RMAC Res152"]
    assert "resnet152-394f9c45.pth" in reasons["ResNet152"]


def test_models_answer_questions_and_people_do_not(small, learned):
    asked = questions(small.test, "difficult", 0, 20)
    table = tables.human(asked, {"CCA|ResNet152|MLPc|MLPa": learned["BOWc|BOWa"]}, "7.7")
    assert table.frame.loc["CCA|ResNet152|MLPc|MLPa", "Text-to-Image|Land"] > 0.1
    assert pd.isna(table.frame.loc["CCA|ResNet152|MLPc|MLPa", "Text-to-Image|Genre"])
    assert table.reasons["Human|-|-|-"] == "people answered the thesis' questions, not these"


def test_metadata_are_counted(small):
    frame = tables.table_7_2(small).frame
    assert tuple(frame.loc["Type"]) == (2, 130, "landscape")
    assert tuple(frame.loc["Date"]) == (0, 0, "none")


def test_an_amd_needs_a_value_that_ten_training_paintings_share(small, caplog):
    caplog.set_level("INFO")
    found = painting_tasks.forms(small.train)
    assert list(found) == [*painting_tasks.ENCODINGS, "AMDT|MLPc|MLPa", "AMDS|MLPc|MLPa"]
    assert found["AMDT|MLPc|MLPa"] == ("MLPc|MLPa", "Type")
    assert found["BOWc|BOWa"] == ("BOWc|BOWa", "")
    assert "AMDT|MLPc|MLPa" not in painting_tasks.forms(small.train[:15])  # eight landscapes, seven portraits
    assert "no AMD for Type, TimeFrame, Author: no value is shared by 10 training paintings" in caplog.text


def test_rare_values_share_a_class(small):
    assert Classes.of(small.train, "School").names == ("Ours", "UNK")


def test_people_are_above_cml_beyond_chance_on_the_easy_level_alone():
    """With .889 against .75 of 100, and .714 against .62: √(p(1 - p)/100) of both gives .139 ± .105 and .094 ± .130."""
    shown = tables.people_and_models()["people minus this"]
    ends = {
        level: [float(x) for x in shown[level, "CML"].replace("−", "-").strip("[]").split(",")]
        for level in ("easy", "difficult")
    }
    assert ends["easy"] == pytest.approx([0.034, 0.244], abs=0.01)
    assert ends["difficult"] == pytest.approx([-0.036, 0.224], abs=0.01)


def test_the_committed_networks_belong_to_the_page_as_it_is():
    [page] = [one for one in chapters.find(paths.NOTEBOOKS) if one.name == "07_semantic_art"]
    given = parameters.check(page.name, {name: one.default for name, one in page.parameters.items()}).deciding
    assert cards.other_parameters(committed_spaces.file(), given | {"network": "ResNet50"}) == ""
