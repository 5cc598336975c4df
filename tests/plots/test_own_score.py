"""The reader's test: complete without scripts, safe with any text, and its script counts right."""

import json
import re
import shutil
import subprocess

import cv2
import numpy as np
import pytest
from scipy.stats import binomtest

from vretlib.datasets.paintings.collection import Painting
from vretlib.described.painting_questions import questions
from vretlib.plots.own_score import own_score
from vretlib.report import site

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
EVIL = "</script><img src=x onerror=alert(1)> $x_1$"


@pytest.fixture(scope="module")
def test_set(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("paintings"), np.random.default_rng(0)
    for i in range(14):
        cv2.imwrite(str(folder / f"{i}.png"), rng.integers(0, 256, (40, 30, 3), np.uint8))
    return [Painting(folder / f"{i}.png", f"Title {i}", EVIL, {"Type": "portrait"}) for i in range(14)]


@pytest.fixture(scope="module")
def asked(test_set):
    return questions(test_set, "difficult", 0, 6)


@pytest.fixture(scope="module")
def sides():
    """A model that knows all answers, and one that takes every painting for the same."""
    return {"knows": (np.eye(14), np.eye(14)), "<b>blind</b>": (np.ones((14, 2)), np.ones((14, 2)))}


def data(page):
    return json.loads(re.search(r'getElementById\("own-score"\), (\{.*\})\);', page)[1])


def test_every_image_is_inside_and_has_a_text_that_does_not_tell_the_answer(asked, test_set, sides):
    page = own_score(asked, test_set, sides, n=4)._repr_html_()
    shown = re.findall(r'<img src="(data:image/webp;base64,)?[^"]*" alt="([^"]*)"', page)
    assert len(shown) == 40
    assert all(inside for inside, _ in shown)
    assert shown[11][1] == "Question 2, painting 2"
    assert all(found.startswith("data:") for found in re.findall(r'(?:src|href)="([^"]*)"', page))


def test_texts_are_escaped_and_hold_no_formula(asked, test_set, sides):
    page = own_score(asked, test_set, sides)._repr_html_()
    assert page.count("</script>") == 1
    assert "onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page
    assert "$x_1$" not in page
    assert "<b>blind</b>" not in page


def test_answers_and_choices_are_the_places_shown(asked, test_set, sides):
    found = data(own_score(asked, test_set, sides)._repr_html_())
    for number, answer in enumerate(found["answers"]):
        assert asked.shuffled(number)[answer - 1] == asked.pools[number][0]
    knows, blind = found["models"]
    assert knows["choices"] == found["answers"]
    assert not set(zip(range(6), blind["choices"], strict=True)) & set(zip(range(6), found["answers"], strict=True))


def test_the_table_counts_models_on_these_questions_and_on_all(asked, test_set, sides):
    page = own_score(asked, test_set, sides, n=4)._repr_html_()
    rows = re.findall(r"<td>([^<]+) of (\d+)</td>", page)
    assert rows == [("4", "4"), ("6", "6"), ("0", "4"), ("0", "6"), ("0.4", "4"), ("0.6", "6")]


def test_no_more_questions_than_there_are(asked, test_set, sides):
    assert own_score(asked, test_set, sides, n=50).n_questions == 6


def in_node(expression):
    script = (site.TEMPLATES / "own_score.js").read_text()
    run = subprocess.run(
        ["node", "-e", f"{script}\nconsole.log(JSON.stringify({expression}))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@needs_node
def test_interval_and_sign_test_are_scipy_s():
    intervals = in_node("[[0,10],[3,10],[10,10],[41,100]].map(([k, n]) => wilson(k, n))")
    for (k, n), found in zip([(0, 10), (3, 10), (10, 10), (41, 100)], intervals, strict=True):
        assert found == pytest.approx(list(binomtest(k, n).proportion_ci(method="wilson")), abs=1e-12)
    pairs = [(0, 6), (3, 1), (5, 5), (0, 1), (9, 30)]
    for (a, b), p in zip(pairs, in_node(f"{json.dumps(pairs)}.map(([a, b]) => signTest(a, b))"), strict=True):
        assert p == pytest.approx(binomtest(a, a + b).pvalue, abs=1e-12)


@needs_node
def test_a_difference_is_named_with_its_verdict():
    found = in_node('compared("CML", [1,1,0,0,0,0,0,0].map(Boolean), [1,0,1,1,1,1,1,1].map(Boolean))')
    assert found == "You alone are right in 1, CML alone in 6: too few to tell from chance (sign test, p = 0.13)."
    assert in_node('compared("CML", [true], [true])') == "You and CML are right in the same questions."
