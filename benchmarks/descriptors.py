"""The time of a VGG16's convolutions on the CPU in four forms, and what the quicker ones do to the descriptor.

Random weights have the speed of trained ones. A form is good enough where R-MAC keeps a cosine of 0.9999 to that of
plain float32, before whitening and after it, which blows weak directions up; with trained weights too if ``--weights``
gives some.
"""

import time
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks import Goal, Options, Row
from vretlib.errors import UserError
from vretlib.features import backbones, pooling, regions, unit_vectors, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.winograd import WinogradConv2d

SPEED = "VGG16's convolutions, one image"
LOSS = "1 - cosine to plain float32's descriptor"
ALLOWED = 100  # millionths: a cosine of 0.9999
CONDITION = 431  # of the whitening that the thesis' author published; noise alone would give a far worse one


class Form(NamedTuple):
    """A way to run the network."""

    memory_format: torch.memory_format
    winograd: bool
    bfloat16: bool


FORMS = {
    "plain eager": Form(torch.contiguous_format, False, False),
    "channels last": Form(torch.channels_last, False, False),
    "Winograd, channels last (vretlib)": Form(torch.channels_last, True, False),
    "bfloat16, channels last": Form(torch.channels_last, False, True),
}
EAGER, LAST, DEFAULT, HALF = FORMS


class Network:
    """A backbone as vretlib runs it, and with torch's own convolutions only."""

    def __init__(self, backbone: Backbone) -> None:
        self.short, self.plain = backbone, deepcopy(backbone)
        for layer in self.plain.network.modules():
            if isinstance(layer, WinogradConv2d):
                layer.__class__ = nn.Conv2d

    def maps(self, batch: Tensor, form: Form) -> Tensor:
        """The last maps."""
        backbone = self.short if form.winograd else self.plain
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=form.bfloat16):
            batch = batch.to(memory_format=form.memory_format)
            return backbone.maps(batch, [backbone.last_maps])[backbone.last_maps]


def run(options: Options) -> list[Row]:
    """Speed in turns, agreement on a few images. The goal is for the fastest form that agrees."""
    torch.set_num_threads(options.threads)
    size = (192, 256) if options.quick else (768, 1024)
    networks = [Network(backbones.load("vgg16", "random"))]
    if options.weights:
        networks.append(Network(trained(options.weights)))
    losses = {name: [row for n in networks for row in _losses(n, name, size, options)] for name in (DEFAULT, HALF)}
    lossy = {name for name, rows in losses.items() if any(row.value > ALLOWED for row in rows)}
    times = _times(networks[0], size, options)
    fastest = min((name for name in FORMS if name not in lossy), key=times.__getitem__)
    gain = times[EAGER] / times[fastest]
    goal = Goal(2, gain, "at least 2 times plain eager, by the fastest form that keeps a cosine of 0.9999 to float32")
    settings: dict[str, float | int | str] = {"height": size[0], "width": size[1], "threads": options.threads}
    speed = [Row(SPEED, name, ms, "ms", settings, goal if name == fastest else None) for name, ms in times.items()]
    return speed + losses[DEFAULT] + losses[HALF]


def _times(network: Network, size: tuple[int, int], options: Options) -> dict[str, float]:
    """Median milliseconds of each form, in turns; the first turn warms up."""
    batch = network.short.prepare(_images(1, size, options.seed)[0])[None]
    spent: dict[str, list[float]] = {name: [] for name in FORMS}
    for _ in range(2 if options.quick else 6):
        for name, form in FORMS.items():
            started = time.perf_counter()
            network.maps(batch, form)
            spent[name].append(1000 * (time.perf_counter() - started))
    return {name: float(np.median(values[1:])) for name, values in spent.items()}


def _losses(network: Network, name: str, size: tuple[int, int], options: Options) -> list[Row]:
    """1 - cosine of R-MAC in a form and plain, in millionths. Whitening is learnt on other, smaller images."""
    short = network.short
    n_lessons = short.channels(short.last_maps) // 10  # of 20 regions each: two vectors per dimension
    lessons = _images(n_lessons, (192, 256), options.seed + 1)
    learnt = whitening.learn((_regions(network, image) for image in lessons), "noise", floor=1 / CONDITION)
    batches = [short.prepare(image)[None] for image in _images(2 if options.quick else 4, size, options.seed + 2)]
    maps = [(network.maps(batch, FORMS[EAGER]), network.maps(batch, FORMS[name])) for batch in batches]
    settings: dict[str, float | int | str] = {
        "images": len(batches), "condition": learnt.condition, "network": short.name, "weights": short.weights,
    }  # fmt: skip
    rows = []
    for pooled, chosen in (("R-MAC", None), ("R-MAC, whitened", learnt)):
        pairs = [(pooling.rmac(full, chosen), pooling.rmac(other, chosen)) for full, other in maps]
        loss = max(1e6 * (1 - _cosine(full, other)) for full, other in pairs)
        rows.append(Row(LOSS, f"{name}: {pooled}, {short.name}", loss, "millionths", settings))
    return rows


def _cosine(a: Tensor, b: Tensor) -> float:
    a, b = a.double(), b.double()
    return float((a * b).sum() / (a.norm() * b.norm()))


def _regions(network: Network, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    maps = network.maps(network.short.prepare(image)[None], FORMS[EAGER])
    return unit_vectors.l2(regions.region_maxima(maps, regions.rmac_grid(*maps.shape[2:])))[0].numpy()


def _images(n: int, size: tuple[int, int], seed: int) -> list[NDArray[np.uint8]]:
    """Noise with the spectrum of photographs (amplitude falls with frequency), colours correlated."""
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
    """The network that a file is named after, as torchvision names its files."""
    for name in backbones.NAMES:
        if path.name.startswith(name):
            return backbones.load(name, path)
    raise UserError(f"{path}: its name must begin with the network's, one of {', '.join(backbones.NAMES)}")
