"""What is refused before anything is computed, and how it is said."""

from pathlib import Path
from typing import Any

import pytest

from vretlib import parameters, paths
from vretlib.batch import chapters
from vretlib.errors import UserError
from vretlib.notebooks import Parameter
from vretlib.parameters import checking

CHAPTERS = {chapter.name: chapter for chapter in chapters.find(paths.NOTEBOOKS)}
NAN, INF = float("nan"), float("inf")

ODD: list[Any] = [
    NAN, INF, -INF, 0, -1, 10**9, 10**30, 1e-9, 1e30, 0.5, 2, "", "nope", "²", "cuda:x", "a\0b", "\ud800", "x" * 5000,
    [], [0], [-1], [NAN], ["nope"], [True], [[1]], [10**5000], {}, {"unknown": 1}, {1: 2}, True, None, 10**5000,
    -(10**5000), b"x", 1j, (1,), object(),
]  # fmt: skip

WEIGHTS = ("lambda1", "lambda2", "lambda3", "beta", "gamma")
ALLOWED: dict[str, list[Any]] = {
    # Small numbers and large ones are in some ranges: these are all that are.
    "0": [*WEIGHTS, "n_difficult", "few_targets", "followed", "max_fpr", "threshold", "theta", "seed",
          "second_steps", "new_people_share"],
    "0.5": [
        *WEIGHTS, "margin", "learning_rate", "end_to_end_rate", "max_fpr", "threshold", "theta", "08 fps",
        "training_fps", "new_people_share",
    ],
    "2": [
        "n_words", "n_centres", "n_triplets", "followed", "seed", "few_targets", "batch_size", "steps",
        "warm_up_steps", "refine_steps", "second_steps", "n_pairs", "n_images", "n_difficult", "end_to_end_steps",
        "n_films", "n_queries", "seconds", "long_queries", "long_seconds", "leaf_size", "backtracks", "fps",
        "threshold", "film_queries", "few", "n_small", "n_frames", "theta", "n_candidates", "training_fps",
        "cca_words", "sentence_dims", "n_questions", *WEIGHTS, "margin", "batch_frames", "hidden",
        "n_proposals", "n_top", "n_expanded", "pca", "gaussians", "words", "most_frames",
    ],
    "1e-09": [*WEIGHTS, "margin", "learning_rate", "end_to_end_rate", "max_fpr", "threshold", "theta",
              "new_people_share"],
    "1000000000": ["seed"],
    "''": ["paper", "verdict", "collection", "data_root", "queries_csv", "film", "results_dir", "split", "boxes",
           "face_detector", "resnet50_fpn"],
    "'nope'": ["profile", "results_dir"],
    "'²'": ["results_dir"],
    "'cuda:x'": ["results_dir"],
    "[]": ["fisher"],
    "[0]": ["target_counts", "seeds"],
    "{}": ["sizes", "scenes", "columns"],
    "True": ["sift", "detectors"],
}  # fmt: skip
"""Odd values that are within the domain of a parameter, by value (of one chapter's alone: after its number)."""


def defaults(chapter: str) -> dict[str, Any]:
    return {name: parameter.default for name, parameter in CHAPTERS[chapter].parameters.items()}


def is_allowed(name: str, value: Any, chapter: str) -> bool:
    try:
        names = ALLOWED.get(repr(value), [])
    except ValueError:  # too many digits to be written
        return False
    return name in names or f"{chapter[:2]} {name}" in names


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
def test_an_odd_value_is_one_line_or_is_in_the_domain_by_name(
    chapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = []
    for name in defaults(chapter):
        for value in ODD:
            try:
                parameters.check(chapter, defaults(chapter) | {name: value})
                taken = True
            except UserError as error:
                taken = False
                line = str(error)
                assert "\n" not in line, line
                assert len(line) < 1200, line
                assert line.startswith(f"{chapter}"), line
                assert name in line, line
            if taken != is_allowed(name, value, chapter):
                wrong.append((name, checking.shown(value), "taken" if taken else "refused"))
    assert wrong == []


def test_more_than_120_odd_values_are_tried() -> None:
    assert sum(len(defaults(chapter)) for chapter in CHAPTERS) * len(ODD) > 2000


@pytest.mark.parametrize(
    ("chapter", "values", "expected"),
    [
        ("05_binary_features", {"seed": -1}, "05_binary_features, seed=-1: expected a whole number, 0 to 4294967295"),
        ("05_binary_features", {"seed": True}, "seed is true or false; expected a whole number"),
        ("05_binary_features", {"seed": "1"}, "seed is a text; expected a whole number"),
        ("05_binary_features", {"seed": 10**5000}, "seed=a whole number of about 5000 digits: expected"),
        ("05_binary_features", {"backtracks": 10**9}, "backtracks=1000000000: expected a whole number, 1 to 1000000"),
        ("05_binary_features", {"seconds": 1e-9}, "seconds=1e-09: expected a number, 1 to less than 3600"),
        ("04_image_to_video", {"max_fpr": 2}, "max_fpr=2: expected a number, 0 to 1"),
        ("04_image_to_video", {"max_fpr": NAN}, "max_fpr=nan: expected a number, 0 to 1"),
        ("04_image_to_video", {"dataset": "nope"}, 'dataset=\'nope\': expected "embedded" or "folder"'),
        ("03_similarity_networks", {"learning_rate": 1e30}, "learning_rate=1e+30: expected a number, above 0 to 1"),
        ("03_similarity_networks", {"n_difficult": -1}, "n_difficult=-1: expected a whole number, 0 to"),
        ("03_similarity_networks", {"few_targets": 9, "many_targets": 8}, "few_targets=9 and many_targets=8"),
        ("03_similarity_networks", {"width": 6}, "a multiple of 4"),
        ("03_similarity_networks", {"target_counts": []}, "target_counts=[]: expected a list, 1 to 100 of them"),
        ("03_similarity_networks", {"target_counts": [0, 1.5]}, "one item of target_counts is a number; expected"),
        ("03_similarity_networks", {"device": "nope"}, 'device=\'nope\': expected "cpu", "cuda" or "cuda:N"'),
        ("03_similarity_networks", {"backbone": "alexnet"}, 'weights="embedded" are there for vgg16 and resnet50 only'),
        ("03_similarity_networks", {"sizes": {"clases": 3}}, "sizes={'clases': 3}: sizes has no 'clases'; expected"),
        ("03_similarity_networks", {"sizes": {"classes": 0}}, "classes of sizes is 0; expected a whole number, 1 to"),
        ("03_similarity_networks", {"sizes": {"classes": 1}}, "validation_queries=45 of sizes; expected at most"),
        ("02_background", {"followed": 55}, "followed=55: Town A has 55 queries, counted from 0"),
        ("02_background", {"followed": 45, "collection": "Village"}, "followed=45: Village has 45 queries"),
        ("02_background", {"followed": 2, "sizes": {"landmarks": 1, "queries": 2}}, "followed=2: Town A has 2 queries"),
        ("02_background", {"collection": "nope"}, "expected one of Town A, Town B, Village"),
        ("02_background", {"dataset": "folder"}, "data_root is empty; with dataset='folder'"),
        ("05_binary_features", {"dataset": "folder"}, "data_root is empty; with dataset='folder'"),
        ("05_binary_features", {"film": "x" * 2000}, "expected a text of at most 1000 characters"),
        ("05_binary_features", {"profile": "../x"}, "profile='../x': expected a text of the form ^\\w"),
        ("05_binary_features", {"film": "nope"}, "film='nope' is not there; expected one of 'The Salt Road', "),
        ("05_binary_features", {"data_root": "."}, 'data_root is not read with dataset="embedded"; set dataset'),
        ("07_semantic_art", {"dataset": "semart"}, "data_root is empty; with dataset='semart' it must be SemArt's"),
        ("07_semantic_art", {"networks": ["vgg16", "resnet152"]}, "not for resnet152 of networks"),
        ("07_semantic_art", {"networks": ["vgg16", "vgg16"]}, "networks names one twice"),
        ("07_semantic_art", {"columns": {"separator": "x"}}, 'expected ",", ";", "\\t" or "|" (between two columns)'),
        ("07_semantic_art", {"seeds": [0, 0]}, "seeds=[0, 0]: expected each number once"),
        ("06_spatio_temporal_encoder", {"seeds": [1, 1]}, "seeds=[1, 1]: expected each number once"),
        ("10_hybrid_hashing", {"seeds": [0, 0]}, "seeds=[0, 0]: expected each number once"),
        ("10_hybrid_hashing", {"swept": [0.1, 0.1]}, "swept=[0.1, 0.1]: expected each number once"),
        ("07_semantic_art", {"text_sizes": [4]}, "2 of them"),
        ("08_key_frames", {"dataset": "ntu_voi"}, "data_root is empty; with dataset='ntu_voi'"),
        ("09_face_retrieval", {"dataset": "ytc"}, "data_root is empty; with dataset='ytc' it must be the collection's"),
        ("09_face_retrieval", {"long_side": 100}, "short_side=224 and long_side=100"),
        ("09_face_retrieval", {"boxes": "pyproject.toml"}, 'split and boxes are not read with dataset="embedded"'),
        ("09_face_retrieval", {"vgg16_c": "imagenet"}, "expected 'embedded', 'random', or a file"),
        ("10_hybrid_hashing", {"dataset": "ytc"}, "data_root is empty; with dataset='ytc' it must be the collection's"),
        ("10_hybrid_hashing", {"bits": [13, 1]}, "bits=[13, 1]: one item of bits is 1; expected a whole number, 2 to"),
        ("10_hybrid_hashing", {"batch_videos": 16}, "batch_videos=16: expected a whole number, 3 to 9999, a multiple"),
        ("10_hybrid_hashing", {"bits": [12, 12]}, "bits=[12, 12]: expected each number once"),
        ("10_hybrid_hashing", {"sizes": {"longest": 4}}, "shortest=8 and longest=4 of sizes"),
        ("10_hybrid_hashing", {"lambda2": -0.1}, "lambda2=-0.1: expected a number, 0 to 1000"),
        ("11_instance_search", {"dataset": "trecvid"}, "data_root is empty; with dataset='trecvid' it must be"),
        ("11_instance_search", {"long_side": 200}, "short_side=224 and long_side=200: expected a long side"),
        ("11_instance_search", {"n_proposals": 0}, "n_proposals=0: expected a whole number, 1 to 2000"),
        ("11_instance_search", {"vgg16_c": "coco"}, "no such file or folder"),
        ("11_instance_search", {"scenes": {"shots": 0}}, "shots of scenes is 0; expected a whole number, 1 to 1000"),
        ("06_spatio_temporal_encoder", {"fisher": [16]}, "fisher=[16]: 1 numbers; expected two"),
        ("06_spatio_temporal_encoder", {"fisher": [0, 16]}, "one item of fisher is 0; expected a whole number"),
        ("06_spatio_temporal_encoder", {"fps": 2.5}, "whole"),
        ("06_spatio_temporal_encoder", {"image_side": 75}, "leaves nothing in the maps of vgg16; expected at least 76"),
        ("08_key_frames", {"side": 62, "backbone": "alexnet", "weights": "random"}, "expected at least 63"),
        ("06_spatio_temporal_encoder", {"sizes": {"films": 0, "channels": 0}}, "expected something to cut"),
        ("06_spatio_temporal_encoder", {"sizes": {"queries": 0}}, "queries=0 of sizes"),
        ("06_spatio_temporal_encoder", {"sizes": {"film_seconds": INF}}, "film_seconds of sizes is inf"),
    ],
)  # fmt: skip
def test_the_line_names_chapter_parameter_value_and_domain(chapter: str, values: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError) as caught:
        parameters.check(chapter, defaults(chapter) | values)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(chapter)


@pytest.mark.parametrize(
    ("chapter", "values"),
    [
        ("02_background", {"followed": 54}),
        ("02_background", {"dataset": "paris6k", "collection": "PA6K", "data_root": "."}),
        ("03_similarity_networks", {"backbone": "alexnet", "weights": "imagenet"}),
        ("03_similarity_networks", {"sizes": {"classes": 6}, "width": 4}),
        ("03_similarity_networks", {"learning_rate": 1}),
        ("05_binary_features", {"seconds": 12, "film": "The Salt Road"}),
        ("06_spatio_temporal_encoder", {"fisher": []}),
        ("06_spatio_temporal_encoder", {"seeds": [0], "encoders": "trained here", "fps": 1}),
        ("07_semantic_art", {"sizes": {"n_train": 40}, "seeds": [3], "learning_rate": 1}),
        ("08_key_frames", {"fps": 8.03, "theta": 0.0, "sizes": {"queries": 0}}),
        ("09_face_retrieval", {"sizes": {"people": 4}, "n_top": 1, "vgg16_p": "random"}),
        ("10_hybrid_hashing", {"bits": [7], "lambda2": 0.0, "sizes": {"people": 4, "shortest": 1, "longest": 1}}),
        ("11_instance_search", {"zf_p": "random", "scenes": {"others": 0}, "n_top": 1, "n_expanded": 1}),
    ],
)
def test_what_works_is_taken(chapter: str, values: dict[str, Any]) -> None:
    parameters.check(chapter, defaults(chapter) | values)


def test_a_value_comes_back_as_the_notebook_takes_it() -> None:
    name = "06_spatio_temporal_encoder"
    schema = parameters.schema(name, {})
    given = defaults(name) | {"fps": 2, "sizes": {"film_seconds": 24}, "seeds": [4]}
    found = parameters.validated(schema, given, chapter=name)
    assert {k: (found[k], type(found[k])) for k in ("fps", "seeds")} == {"fps": (2.0, float), "seeds": ([4], list)}
    assert found["sizes"] == {"film_seconds": 24.0}
    assert set(found) == set(given)


def test_a_line_that_was_removed_from_the_page_is_said() -> None:
    values = defaults("05_binary_features")
    del values["seed"]
    with pytest.raises(UserError, match="05_binary_features: seed is not set; run the parameters cell first"):
        parameters.check("05_binary_features", values)


def test_other_names_of_the_page_are_no_parameters() -> None:
    parameters.check(
        "05_binary_features", defaults("05_binary_features") | {"report": object(), "__name__": "__main__"}
    )


def test_a_device_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    values = defaults("03_similarity_networks")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="PyTorch finds no CUDA device here"):
        parameters.check("03_similarity_networks", values | {"device": "cuda"})
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    parameters.check("03_similarity_networks", values | {"device": "cuda:1"})
    with pytest.raises(UserError, match="finds 2 CUDA devices here, counted from 0"):
        parameters.check("03_similarity_networks", values | {"device": "cuda:2"})


def test_a_notebook_without_a_schema_has_the_types_of_its_defaults() -> None:
    offered = {
        p.name: p for p in (Parameter("n", 3, "how many"), Parameter("films_root", "", ""), Parameter("x", None, ""))
    }
    schema = parameters.schema("77_own", offered)
    assert parameters.validated(schema, {"n": 4, "x": [1]}, chapter="77_own") == {"n": 4, "x": [1]}
    with pytest.raises(UserError, match=r"77_own, n='4': n is a text; expected a whole number such as 3 \(how many\)"):
        parameters.validated(schema, {"n": "4"}, chapter="77_own")


def test_a_page_with_a_parameter_of_its_own_keeps_the_schema_for_the_others() -> None:
    offered = {**CHAPTERS["05_binary_features"].parameters, "mine": Parameter("mine", 0.5, "")}
    schema = parameters.schema("05_binary_features", offered)
    with pytest.raises(UserError, match="seed=-1"):
        parameters.validated(schema, {"seed": -1, "mine": 1}, chapter="05_binary_features")
    with pytest.raises(UserError, match="mine is a text; expected a number"):
        parameters.validated(schema, {"mine": "x"}, chapter="05_binary_features")
