"""The time of VGG16's convolutions on the CPU in three forms, and how far the faster ones change the descriptor.

Random weights have the speed of trained ones. A form agrees with plain float32 if R-MAC keeps a cosine of 0.9999 both
before whitening and after it, because whitening enlarges weak directions. If ``--weights`` gives trained weights, the
same must hold with them.
"""

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks import Goal, Options, Row
from vretlib.errors import UserError
from vretlib.features import backbones, pooling, regions, unit_vectors, whitening
from vretlib.features.backbones import Backbone

SPEED = "VGG16's convolutions, one image"
LOSS = "1 - cosine to plain float32's descriptor"
ALLOWED = 100  # millionths: a cosine of 0.9999
CONDITION = 431  # of the whitening that the thesis' author published; noise alone would give a far worse one


class Form(NamedTuple):
    """A way to run the network."""

    memory_format: torch.memory_format
    bfloat16: bool


FORMS = {
    "plain eager": Form(torch.contiguous_format, bfloat16=False),
    "channels last (vretlib)": Form(torch.channels_last, bfloat16=False),
    "bfloat16, channels last": Form(torch.channels_last, bfloat16=True),
}
EAGER, DEFAULT, HALF = FORMS


def last_maps(backbone: Backbone, batch: Tensor, form: Form) -> Tensor:
    """The maps that R-MAC pools, (n, channels, h, w), of a batch that goes through the network in one of the forms."""
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=form.bfloat16):
        return backbone.maps(batch.to(memory_format=form.memory_format), [backbone.last_maps])[backbone.last_maps]


def run(options: Options) -> list[Row]:
    """Speed of the forms, measured in turns, and agreement on a few images. The goal is for the fastest that agrees."""
    torch.set_num_threads(options.threads)
    size = (192, 256) if options.quick else (768, 1024)
    networks = [backbones.load("vgg16", "random")]
    if options.weights:
        networks.append(trained(options.weights))
    losses = {name: [row for n in networks for row in _losses(n, name, size, options)] for name in (DEFAULT, HALF)}
    lossy = {name for name, rows in losses.items() if any(row.value > ALLOWED for row in rows)}
    times = _times(networks[0], size, options)
    fastest = min((name for name in FORMS if name not in lossy), key=times.__getitem__)
    gain = times[EAGER] / times[fastest]
    goal = Goal(2, gain, "at least 2 times plain eager, by the fastest form that keeps a cosine of 0.9999 to float32")
    settings: dict[str, float | int | str] = {"height": size[0], "width": size[1], "threads": options.threads}
    speed = [Row(SPEED, name, ms, "ms", settings, goal if name == fastest else None) for name, ms in times.items()]
    return speed + losses[DEFAULT] + losses[HALF]


def _times(backbone: Backbone, size: tuple[int, int], options: Options) -> dict[str, float]:
    """Median milliseconds of each form, in turns; the first turn warms up."""
    batch = backbone.prepare(_images(1, size, options.seed)[0])[None]
    spent: dict[str, list[float]] = {name: [] for name in FORMS}
    for _ in range(2 if options.quick else 6):
        for name, form in FORMS.items():
            started = time.perf_counter()
            last_maps(backbone, batch, form)
            spent[name].append(1000 * (time.perf_counter() - started))
    return {name: float(np.median(values[1:])) for name, values in spent.items()}


def _losses(backbone: Backbone, name: str, size: tuple[int, int], options: Options) -> list[Row]:
    """1 - cosine of R-MAC in a form and plain, in millionths. Whitening is learned on other, smaller images."""
    n_training = backbone.channels(backbone.last_maps) // 10  # images of 20 regions each: two vectors per dimension
    training = _images(n_training, (192, 256), options.seed + 1)
    learned = whitening.learn((_regions(backbone, image) for image in training), "noise", floor=1 / CONDITION)
    batches = [backbone.prepare(image)[None] for image in _images(2 if options.quick else 4, size, options.seed + 2)]
    maps = [tuple(last_maps(backbone, batch, FORMS[form]) for form in (EAGER, name)) for batch in batches]
    settings: dict[str, float | int | str] = {
        "images": len(batches), "condition": learned.condition, "network": backbone.name, "weights": backbone.weights,
    }  # fmt: skip
    rows = []
    for pooled, chosen in (("R-MAC", None), ("R-MAC, whitened", learned)):
        pairs = [(pooling.rmac(full, chosen), pooling.rmac(other, chosen)) for full, other in maps]
        loss = max(1e6 * (1 - _cosine(full, other)) for full, other in pairs)
        rows.append(Row(LOSS, f"{name}: {pooled}, {backbone.name}", loss, "millionths", settings))
    return rows


def _cosine(a: Tensor, b: Tensor) -> float:
    a, b = a.double(), b.double()
    return float((a * b).sum() / (a.norm() * b.norm()))


def _regions(backbone: Backbone, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    maps = last_maps(backbone, backbone.prepare(image)[None], FORMS[EAGER])
    return unit_vectors.l2(regions.region_maxima(maps, regions.rmac_grid(*maps.shape[2:])))[0].numpy()


def _images(n: int, size: tuple[int, int], seed: int) -> list[NDArray[np.uint8]]:
    """Noise with the spectrum of photographs: amplitude falls with frequency, colours are correlated."""
    rng = np.random.default_rng(seed)
    fy, fx = np.fft.fftfreq(size[0])[:, None], np.fft.rfftfreq(size[1])
    falls = 1 / np.maximum(np.hypot(fy, fx), 1 / max(size))
    images = []
    for _ in range(n):
        waves = np.fft.irfft2(np.fft.rfft2(rng.normal(size=(4, *size))) * falls, size)
        colour = waves[3] + 0.5 * waves[:3]
        colour = 128 + 50 * (colour - colour.mean()) / colour.std()
        images.append(np.ascontiguousarray(colour.clip(0, 255).astype(np.uint8).transpose(1, 2, 0)))
    return images


def trained(path: Path) -> Backbone:
    """The network of a weights file whose name begins with the network's, as torchvision's files do."""
    for name in backbones.NAMES:
        if path.name.startswith(name):
            return backbones.load(name, path)
    raise UserError(f"{path}: its name must begin with the network's, one of {', '.join(backbones.NAMES)}")
