"""Clips through a tiny network: the frames and vectors that one picture at a time gives, the cache, and what fails."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.features.test_image_features import TinyBackbone
from tests.video.conftest import moving_scene, write_video
from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features import pooling, whitening
from vretlib.features.backbones import Backbone
from vretlib.video import clip_features
from vretlib.video.sampling import sampled


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two of one size, one smaller, one of a single frame, one black."""
    folder = tmp_path_factory.mktemp("clips")
    black = 6 * [np.zeros((64, 96, 3), np.uint8)]
    made = {
        "a": moving_scene(1, 40), "b": moving_scene(2, 25), "c": [p[:96, :160] for p in moving_scene(3, 30)],
        "d": moving_scene(4, 1), "e": black,
    }  # fmt: skip
    return [write_video(folder / f"{name}.mp4", pictures, crf="20") for name, pictures in made.items()]


@pytest.fixture
def backbone() -> Backbone:
    return TinyBackbone()  # type: ignore[return-value]


def learned(d: int = 6) -> whitening.Whitening:
    return whitening.learn(np.random.default_rng(0).uniform(size=(200, d)) ** 2, "random vectors")


def test_frames_are_the_sampled_ones_clip_after_clip(clips: list[Path], backbone: Backbone) -> None:
    found = clip_features.describe(clips, backbone, fps=5, longest=128)
    expected = [(i, f.number, f.time) for i, path in enumerate(clips) for f in sampled(path, 5)]
    frames = found.frames
    assert list(zip(frames.clip, frames.numbers, frames.times, strict=True)) == expected
    assert [len(frames.numbers[frames.rows(i)]) for i in range(frames.n_clips)] == [8, 5, 6, 1, 2]
    assert len(frames) == 22


def test_vectors_are_those_of_each_picture_alone(
    clips: list[Path], backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(backbone), "batch_pixels", 3 * 128 * 77)  # batches of three
    found = clip_features.describe(clips, backbone, fps=5, longest=128)
    white = learned()
    expected = []
    for path in clips:
        for frame in sampled(path, 5):
            batch = backbone.prepare(images.resize(frame.image, 128))[None]
            expected.append(pooling.rmac(backbone.maps(batch, ["conv"])["conv"], white)[0].detach().numpy())
    np.testing.assert_allclose(found.rmac(white), expected, atol=1e-6)
    assert found.d == 6
    np.testing.assert_array_equal(
        np.concatenate([found.regions_of(i) for i in range(len(clips))]), np.asarray(found.regions)
    )


def test_codes_are_the_values_of_the_layers_of_a_square(clips: list[Path], backbone: Backbone) -> None:
    frames, found = clip_features.layers(clips, backbone, ["conv", "fc"], fps=5, side=32)
    assert {tap: values.shape for tap, values in found.items()} == {"conv": (22, 6, 4, 4), "fc": (22, 5)}
    assert frames.n_clips == 5
    picture = next(sampled(clips[3], 5)).image
    import cv2

    square = backbone.prepare(cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA))[None]
    expected = backbone.maps(square, ["conv", "fc"])
    for tap, values in expected.items():
        np.testing.assert_allclose(found[tap][frames.rows(3)], values.detach().numpy(), atol=1e-6)


def test_everything_is_computed_once(clips: list[Path], backbone: Backbone, said: list[str]) -> None:
    first = clip_features.describe(clips, backbone, fps=5, longest=64)
    again = clip_features.describe(clips, backbone, fps=5, longest=64)
    np.testing.assert_array_equal(first.regions, again.regions)
    assert said[0].startswith("clip-features: computing")
    assert said[-1].startswith("clip-features: cached")
    clip_features.describe(clips[:1], backbone, fps=5, longest=64)
    assert "new clips" in said[-2]


def test_what_is_no_video_is_named(tmp_path: Path, clips: list[Path], backbone: Backbone) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a video")
    for path in (text, tmp_path / "none.mp4"):
        with pytest.raises(UserError, match=path.name):
            clip_features.describe([*clips[:1], path], backbone)
    with pytest.raises(UserError, match="no clips"):
        clip_features.describe([], backbone)


def test_what_are_no_clips_rates_or_sizes_is_refused(clips: list[Path], backbone: Backbone) -> None:
    for wrong in (str(clips[0]), clips[0], None):
        with pytest.raises(UserError, match=r"clips is .*; expected a list"):
            clip_features.describe(wrong, backbone)  # type: ignore[arg-type]
    for name, wrongs in {"fps": (0, -1, np.nan, "3", None), "longest": (0, 64.5, "64", None)}.items():
        for value in wrongs:
            with pytest.raises(UserError, match=f"{name}="):
                clip_features.describe(clips, backbone, **{name: value})
    with pytest.raises(UserError, match="expected a video file"):
        clip_features.describe([None], backbone)  # type: ignore[list-item]
    with pytest.raises(UserError, match="taps is empty"):
        clip_features.layers(clips, backbone, [])
    with pytest.raises(UserError, match="side=0"):
        clip_features.layers(clips, backbone, ["conv"], side=0)
    with pytest.raises(UserError, match="taps is str; expected a list"):
        clip_features.layers(clips, backbone, "conv")


def test_a_descriptor_that_is_no_number_names_clip_and_frame(clips: list[Path], backbone: Backbone) -> None:
    maps = backbone.maps
    backbone.maps = lambda batch, taps: {k: v * torch.nan for k, v in maps(batch, taps).items()}  # type: ignore[assignment]
    with pytest.raises(UserError, match=r"a\.mp4, frame 0.*NaN"):
        clip_features.describe(clips, backbone)
    assert not list(paths.CACHE.glob("clip-features/*/frames.npz"))


def test_a_layer_without_maps_is_refused(clips: list[Path], backbone: Backbone) -> None:
    with pytest.raises(UserError, match="expected a layer with maps"):
        clip_features.describe(clips, backbone, tap="fc")
