"""A NaN in a float argument of the public functions of the five packages is refused, or a reason stands here.

The calls are those of `tests.test_borders.TABLE` and the further ones in `MORE`. Each float argument (a number, an
array, a tensor, a list of these) in turn gets a NaN.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from tests.test_borders import TABLE, good, refusal
from vretlib import evaluation, features, models, search, video
from vretlib.errors import UserError
from vretlib.features.image_features import ImageFeatures
from vretlib.video import cluster_key_frames, sampling

PACKAGES = (evaluation, features, models, search, video)
CORNERS = np.array([[0, 0], [40, 0], [40, 30], [0, 30]], np.float32)
PHOTO = np.zeros((40, 60, 3), np.uint8)
X = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
SETTINGS = {"learning_rate": 0.1, "weight_decay": 0.0}

MORE: dict[str, tuple[Any, dict[str, Any]]] = {
    "evaluation.methods.Method": (partial(evaluation.Method, "a", search=len), {"n_bytes": 8}),
    "evaluation.methods.compare": (
        lambda values: evaluation.compare([evaluation.Variant("a", lambda: {"AP": values})]), {"values": X[0]}),
    "features.image_features.rmac": (
        lambda mac, regions: features.rmac_of_images(
            ImageFeatures(mac, mac, mac, regions, np.array([0, 3, 5, 8])), rule="cirtorch"),
        {"mac": X[:3], "regions": X}),
    "features.screen.rectify": (partial(features.rectify, PHOTO), {"corners": CORNERS, "aspect": 1.5}),
    "models.optimisation.Sgd": (models.Sgd, SETTINGS | {"momentum": 0.0}),
    "models.optimisation.OneCycle": (models.OneCycle, SETTINGS),
    "video.shot_boundaries.detect_boundaries": (video.detect_boundaries, {"x": X, "threshold": 0.5}),
    "video.cluster_key_frames.key_frames": (
        lambda features, distances, theta: video.key_frames_by_clusters(
            features, distances, cluster_key_frames.KeyFrameOptions(theta)),
        {"features": X, "distances": np.ones(7), "theta": 1.4}),
    "video.described_film.DescribeOptions": (
        video.DescribeOptions, {"max_sift_distance": 250.0, "max_displacement": 50.0}),
    "video.sampling.sampled": (
        lambda fps: sampling.sampled_numbers(np.arange(4) / 4, fps), {"fps": 2.0}),  # which looks at it
}  # fmt: skip

WITHOUT_FLOATS = {
    "Checkpoint": "files and whole numbers", "DescribedFilm": "what is read from a folder", "Tracker": "a function",
    "EndToEnd": "networks", "Variant": "a function", "clip_layers": "fps goes to sampled",
    "describe_clips": "fps goes to sampled", "describe_film": "files, and options that are looked at when made",
    "describe_images": "files", "neural_codes": "files", "find_screen": "pixels", "find_shots": "whole numbers",
    "fine_tune": "see the last test", "key_frames_of_film": "a film", "load_backbone": "files", "load_film": "files",
    "load_whitening": "files", "probe": "files", "read_frames": "whole numbers", "shots_between": "whole numbers",
    "stream_frames": "whole numbers",
}  # fmt: skip
"""Public names without a call, and what they take."""

_READ_LATER = "rows of a database of any size are looked at when they are read"
_NO_VALUE = "a query, or a resample, without a value"
_TRAINED = "a NaN comes out as it went in, and a training stops at a loss that is NaN"
STANDS = {
    "search.coarse_to_fine.CoarseToFine descriptors": _READ_LATER,
    "search.regions.expand xb": _READ_LATER,
    "search.regions.Reranked.boxes boxes": "boxes are chosen from, and nothing is computed with them",
    "evaluation.average_precision.mean values": _NO_VALUE,
    "evaluation.intervals.Resampling.values per_query": _NO_VALUE,
    "evaluation.intervals.Resampling.interval per_query": _NO_VALUE,
    "evaluation.intervals.Resampling.difference per_query": _NO_VALUE,
    "evaluation.intervals.Resampling.difference baseline": _NO_VALUE,
    "evaluation.intervals.ends values": _NO_VALUE,
    "evaluation.methods.compare values": _NO_VALUE,
    **dict.fromkeys(("models.simnet.SimNet.forward x", "models.simnet.SimNet.forward y"), _TRAINED),
    **dict.fromkeys(("models.linear.Linear.forward x", "models.linear.Linear.forward y"), _TRAINED),
    **{f"models.contrastive.contrastive_loss {name}": _TRAINED for name in "xy"},
    **{f"models.temporal_training.margin_loss {name}": _TRAINED for name in "uvy"},
    "models.similarity_loss.target_scores cosine": _TRAINED,
    "models.similarity_loss.similarity_loss scores": _TRAINED,
    "models.similarity_loss.similarity_loss wanted": _TRAINED,
    "models.pair_training.pair_loss x": _TRAINED,
    "models.temporal_encoder.pack frames": _TRAINED,
}
"""Arguments, as "call argument", in which a NaN is taken, and what it means."""


CALLS = TABLE | MORE


def keys(thing: Any) -> list[str]:
    """The calls of a public function, or of a class and its methods."""
    name = f"{thing.__module__.removeprefix('vretlib.')}.{thing.__qualname__}"
    return [key for key in CALLS if key == name or key.startswith(f"{name}.")]


def with_nan(value: Any) -> Iterator[Any]:
    """The value with a NaN, in each form that it may have; nothing where it holds no floats."""
    if isinstance(value, float):
        yield float("nan")
        yield np.float32("nan")
    elif isinstance(value, torch.Tensor) and value.is_floating_point():
        spoilt = value.clone()
        spoilt.view(-1)[-1] = float("nan")
        yield spoilt
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        spoilt = value.copy()
        spoilt.flat[value.size - 1] = np.nan
        yield spoilt
        yield torch.from_numpy(spoilt)
        yield spoilt.tolist()
    elif isinstance(value, list) and value:
        yield from ([*value[:-1], spoilt] for spoilt in with_nan(value[-1]))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_public_name_has_a_call_or_a_reason(package: Any) -> None:
    without = {name for name in package.__all__ if not keys(getattr(package, name))}
    assert without == set(package.__all__) & set(WITHOUT_FLOATS)


@pytest.mark.parametrize("key", CALLS)
def test_a_nan_is_refused(key: str) -> None:
    function, arguments = CALLS[key]
    assert not refusal(function, good(arguments))
    taken = {
        f"{key} {argument}"
        for argument, value in arguments.items()
        for spoilt in with_nan(value)
        if not refusal(function, good(arguments, **{argument: spoilt}))
    }
    assert taken == {stands for stands in STANDS if stands.split()[0] == key}


def test_what_has_no_call_refuses_a_nan() -> None:
    with pytest.raises(UserError, match="margin=nan"):
        models.fine_tune(None, [], [], margin=float("nan"))  # type: ignore[arg-type]
    for numbers in ([float("nan"), 1.0], np.array([0.0, 1.0])):
        with pytest.raises(UserError, match="boundaries is float64"):
            video.shots_between(numbers, 9)
        with pytest.raises(UserError, match="n_common is float64"):
            video.find_shots(np.asarray(numbers), np.array([9, 9]))


@pytest.mark.parametrize(
    "wrong",
    [{"learning_rate": 0.0}, {"learning_rate": -1.0}, {"weight_decay": -0.1}, {"batch_size": 0}, {"batch_size": 1.5}],
    ids=str,
)
def test_settings_without_meaning_are_refused(wrong: dict[str, Any]) -> None:
    for settings in (models.Sgd, models.OneCycle):
        with pytest.raises(UserError, match=next(iter(wrong))):
            settings(**wrong)


def test_a_method_has_a_size_and_a_search() -> None:
    with pytest.raises(UserError, match="n_bytes=-1: expected"):
        evaluation.Method("a", -1, len)
    with pytest.raises(UserError, match="search of a is None"):
        evaluation.Method("a", 1, None)  # type: ignore[arg-type]
