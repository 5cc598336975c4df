import io
import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from vretlib.errors import UserError
from vretlib.report import figures


def draw():
    figures.use_style()
    fig, axes = plt.subplots(figsize=figures.size(0.5))
    axes.plot([1, 2, 3], [0.9, 0.8, 0.7], label="ours")
    axes.set(xlabel="films", ylabel="R@1")
    return fig


def keep(folder, **changes):
    given = {"caption": "It falls.", "title": "Fig 5.4", "data": {"films": [1, 2, 3], "recall": [0.9, 0.8, 0.7]}}
    return figures.save(draw(), "accuracy", results_dir=folder, **(given | changes))


def test_the_same_figure_gives_the_same_files(tmp_path):
    keep(tmp_path / "a")
    keep(tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a/figures").iterdir())
    assert names == ["accuracy.csv", "accuracy.json", "accuracy.png", "accuracy.svg"]
    for name in names:
        assert (tmp_path / "a/figures" / name).read_bytes() == (tmp_path / "b/figures" / name).read_bytes()


def test_the_sidecar_says_what_to_see(tmp_path):
    keep(tmp_path, order=3)
    about = json.loads((tmp_path / "figures/accuracy.json").read_text())
    assert about["order"] == 3
    assert about["title"] == "Fig 5.4"
    assert about["caption"] == "It falls."
    assert about["files"] == {"png": "accuracy.png", "svg": "accuracy.svg", "data": "accuracy.csv"}


def test_data_can_be_read_back(tmp_path):
    keep(tmp_path)
    assert (tmp_path / "figures/accuracy.csv").read_text().splitlines() == ["films,recall", "1,0.9", "2,0.8", "3,0.7"]
    keep(tmp_path, data={"image": np.arange(6).reshape(2, 3), "x": np.arange(4)})
    with np.load(tmp_path / "figures/accuracy.npz", allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["image"], np.arange(6).reshape(2, 3))


def test_no_caption_no_figure(tmp_path):
    with pytest.raises(UserError, match="caption"):
        keep(tmp_path, caption=" ")
    assert not list(tmp_path.iterdir())


def test_the_picture_is_opaque_and_the_figure_closed(tmp_path):
    before = len(plt.get_fignums())
    saved = keep(tmp_path)
    assert len(plt.get_fignums()) == before
    with Image.open(saved.path) as picture:
        assert np.asarray(picture.convert("RGBA"))[..., 3].min() == 255


def test_the_notebook_shows_picture_then_caption(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    keep(tmp_path)._ipython_display_()
    assert shown[0].data[:4] == b"\x89PNG"
    assert shown[0].alt == "Fig 5.4. It falls."
    assert shown[1].data == "**Fig 5.4.** It falls."


def test_a_heavy_picture_is_lightened_on_the_page_only(tmp_path):
    fig, axes = plt.subplots(figsize=figures.size())
    figures.picture(axes, np.random.default_rng(0).integers(0, 256, (600, 900, 3), dtype=np.uint8))
    saved = figures.save(fig, "noise", caption="Noise.", results_dir=tmp_path)
    full = saved.path.stat().st_size
    assert full > 150_000
    assert len(figures._for_the_page(saved.path)) < full
    assert saved.path.stat().st_size == full


def test_the_few_pixels_of_markers_keep_their_colours_over_a_photograph(tmp_path):
    figures.use_style()
    rows, columns = np.mgrid[:400, :600]
    light = np.random.default_rng(0).normal(0, 12, (400, 600, 1))  # a wall of stone below a blue sky, with grain
    stone, sky = np.array([190, 150, 100]), np.array([110, 160, 220])
    photograph = np.where((rows < 150)[..., None], sky, stone) * (0.4 + 0.6 * columns / 600)[..., None] + light
    fig, axes = plt.subplots(figsize=figures.size())
    figures.picture(axes, photograph.clip(0, 255).astype(np.uint8))
    for i in range(8):
        axes.plot(75 * i + 30, 280, "o", color=f"C{i % 6}", markersize=7)
    saved = figures.save(fig, "words", caption="Words.", results_dir=tmp_path)
    full = np.asarray(Image.open(saved.path).convert("RGB")).astype(int)
    on_the_page = np.asarray(Image.open(io.BytesIO(figures._for_the_page(saved.path))).convert("RGB"))
    assert saved.path.stat().st_size > 150_000
    assert np.abs(on_the_page - full).max() < 32  # the nearest two colours of the style differ by 63


def test_a_grey_picture_keeps_its_brightness():
    fig, axes = plt.subplots()
    figures.picture(axes, np.full((4, 4), 100, dtype=np.uint8))
    assert axes.images[0].get_clim() == (0, 255)
    plt.close(fig)
