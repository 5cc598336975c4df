"""Schemas, pages and library say the same of each parameter."""

import inspect
import json
import re
import subprocess
import sys
from dataclasses import asdict
from typing import get_args

import pytest

from vretlib import notebooks, parameters, paths
from vretlib.batch import chapters
from vretlib.errors import UserError
from vretlib.parameters import checking, domain, landmarks, networks
from vretlib.parameters.clips import Clips, ClipSizes
from vretlib.parameters.instance_search import SceneSizes
from vretlib.parameters.movies import Movies

CHAPTERS = chapters.find(paths.NOTEBOOKS)


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.name)
def chapter(request: pytest.FixtureRequest) -> chapters.ChapterNotebook:
    return request.param


def test_every_page_has_a_schema_and_the_same_parameters(chapter: chapters.ChapterNotebook) -> None:
    assert chapter.name in checking.SCHEMAS
    assert set(parameters.schema(chapter.name, {}).model_fields) == set(chapter.parameters)


def test_defaults_are_the_same_in_page_and_schema(chapter: chapters.ChapterNotebook) -> None:
    declared = parameters.schema(chapter.name, {})
    own = declared().model_dump(exclude_unset=False)
    for name, parameter in chapter.parameters.items():
        default = declared.model_fields[name].default
        found = default.given() if name == "sizes" else own[name]
        assert (found, type(found)) == (parameter.default, type(parameter.default)), name


def test_comments_of_the_page_are_those_of_the_schema(chapter: chapters.ChapterNotebook) -> None:
    fields = parameters.schema(chapter.name, {}).model_fields
    for name, parameter in chapter.parameters.items():
        field = fields[name]
        limits = domain.limits_of(field)
        assert parameter.comment == (f"{field.description}; {limits}" if limits else field.description or ""), name


def test_the_cell_after_the_parameters_checks_them_before_it_imports_anything_else(
    chapter: chapters.ChapterNotebook,
) -> None:
    cells = notebooks.code_cells(chapter.notebook)
    place = next(i for i, cell in enumerate(cells) if "parameters" in notebooks.tags(cell))
    call = rf'(chosen = )?parameters\.check\("{chapter.name}", globals\(\)\)'
    expected = rf"from vretlib import (logs, )?parameters\n\n(logs\.show\(\)\n)?{call}\n"
    assert re.match(expected, cells[place + 1].source)


def test_a_page_with_a_wrong_value_ends_before_it_imports_networks(chapter: chapters.ChapterNotebook) -> None:
    cells = notebooks.code_cells(chapter.notebook)
    place = next(i for i, cell in enumerate(cells) if "parameters" in notebooks.tags(cell))
    page: dict[str, object] = {}
    exec(cells[place].source, page)
    page["profile"] = -1
    with pytest.raises(UserError, match=rf"^{chapter.name}, profile=-1: profile is a whole number; expected a text"):
        exec(cells[place + 1].source, page)
    assert not {"np", "pd", "torch", "report"} & set(page)


def test_every_parameter_is_described_and_has_a_domain(chapter: chapters.ChapterNotebook) -> None:
    for name, field in parameters.schema(chapter.name, {}).model_fields.items():
        assert field.description, name
        assert domain.domain(field), name


def test_the_check_needs_neither_networks_nor_decoders() -> None:
    heavy = ("torch", "cv2", "av", "numba", "pandas", "nbformat")
    code = (
        "import json, sys; from vretlib import parameters; from vretlib.parameters.checking import SCHEMAS;"
        "[parameters.schema(name, {}) for name in SCHEMAS];"
        f"print(json.dumps([name for name in {heavy} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_choices_are_those_of_the_library() -> None:
    from vretlib.datasets import movies
    from vretlib.datasets.clips import source as clips
    from vretlib.datasets.landmarks import source
    from vretlib.features import backbones, weights
    from vretlib.models.trained_similarities import OPTIMISERS
    from vretlib.report import published, verdict

    def of(chapter: str, name: str) -> tuple[str, ...]:
        return get_args(parameters.schema(chapter, {}).model_fields[name].annotation)

    assert set(get_args(networks.BackboneName)) == set(backbones.NAMES)
    assert set(networks.WEIGHTS) == set(weights.SOURCES)
    assert {name: set(of_it) for name, of_it in networks.EMBEDDED.items()} == {
        name: set(files) for name, files in weights.COMMITTED.items()
    }
    assert get_args(Clips.model_fields["dataset"].annotation) == clips.SOURCES
    assert get_args(Movies.model_fields["dataset"].annotation) == movies.SOURCES
    assert set(of("02_background", "dataset")) == set(source.STUDIES)
    assert set(of("03_similarity_networks", "optimiser")) == set(OPTIMISERS)
    assert set(of("01_start_here", "paper")) == {"", *(paper.name for paper in published.PAPERS)}
    assert set(of("01_start_here", "verdict")) == {"", *verdict.STATUSES}


def test_the_least_sides_are_those_of_the_networks() -> None:
    from embedded import film
    from vretlib.features import backbones
    from vretlib.parameters import spatio_temporal_encoder

    found = {}
    for name in ("alexnet", "vgg16", "squeezenet1_1", "mobilenet_v2", "resnet50"):
        network = backbones.load(name, "random")
        found[name] = network.minimum_side(network.last_maps)
    assert found == {"mobilenet_v2": 1, "resnet50": 1} | networks.MIN_SIDE
    first = film.script(0, seed=0, seconds=1)
    assert first.width / first.height == spatio_temporal_encoder._WIDEST


def test_sizes_are_the_keywords_of_the_functions_that_take_them() -> None:
    from embedded.instances import programme
    from vretlib.datasets.clips.embedded import embedded as clips
    from vretlib.datasets.clips.source import load
    from vretlib.datasets.landmarks.embedded import embedded as towns

    of_your_own = ("clip_seconds", "own_queries")
    assert SceneSizes().model_dump() == asdict(programme.ProgrammeSizes())
    for schema, functions in ((landmarks.LandmarkSizes, [towns]), (ClipSizes, [clips, load])):
        keywords = {
            name: p.default
            for function in functions
            for name, p in inspect.signature(function).parameters.items()
            if name in of_your_own or (function is not load and name != "seed")
        }
        assert schema().model_dump() == keywords
