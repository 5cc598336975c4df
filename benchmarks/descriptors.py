"""The time of a VGG16's convolutions on the CPU in three forms, and what 16 bits do to the descriptor.

Random weights have the speed of trained ones. 16 bits are enough where R-MAC keeps a cosine of 0.9999 to float32's,
before whitening and after it, which blows weak directions up; with trained weights too if ``--weights`` gives some.
Otherwise float32 stays the default.
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
from vretlib.features import backbones, pooling, regions, whitening
from vretlib.features.backbones import Backbone

SPEED = "VGG16's convolutions, one image"
LOSS = "bfloat16: 1 - cosine to float32's descriptor"
ALLOWED = 100  # millionths: a cosine of 0.9999
CONDITION = 431  # of the whitening that the thesis' author published; noise alone would give a far worse one


class Form(NamedTuple):
    """A way to run the network."""

    memory_format: torch.memory_format
    bfloat16: bool


FORMS = {
    "float32, plain eager": Form(torch.contiguous_format, False),
    "float32, channels last (vretlib's default)": Form(torch.channels_last, False),
    "bfloat16, channels last (precision='bfloat16')": Form(torch.channels_last, True),
}
EAGER, DEFAULT, HALF = FORMS


def run(options: Options) -> list[Row]:
    """Speed in turns, agreement on a few images. The goal is for the fastest form that agrees."""
    torch.set_num_threads(options.threads)
    size = (192, 256) if options.quick else (768, 1024)
    network = backbones.load("vgg16", "random")
    losses = _losses(network, size, options)
    if options.weights:
        losses += _losses(trained(options.weights), size, options)
    half_is_enough = all(row.value <= ALLOWED for row in losses)
    times = _times(network, size, options)
    fastest = min((name for name in FORMS if name != HALF or half_is_enough), key=times.__getitem__)
    gain = times[EAGER] / times[fastest]
    goal = Goal(2, gain, "at least 2 times plain eager, by the fastest form that keeps a cosine of 0.9999 to float32")
    settings: dict[str, float | int | str] = {"height": size[0], "width": size[1], "threads": options.threads}
    return [
        Row(SPEED, name, ms, "ms", settings, goal if name == fastest else None) for name, ms in times.items()
    ] + losses


def _times(network: Backbone, size: tuple[int, int], options: Options) -> dict[str, float]:
    """Median milliseconds of each form, in turns; the first turn warms up."""
    batch = network.prepare(_images(1, size, options.seed)[0])[None]
    spent: dict[str, list[float]] = {name: [] for name in FORMS}
    for _ in range(2 if options.quick else 6):
        for name, form in FORMS.items():
            started = time.perf_counter()
            _maps(network, batch, form)
            spent[name].append(1000 * (time.perf_counter() - started))
    return {name: float(np.median(values[1:])) for name, values in spent.items()}


def _losses(network: Backbone, size: tuple[int, int], options: Options) -> list[Row]:
    """1 - cosine of R-MAC from 16 bits and from 32, in millionths. Whitening is learnt on other, smaller images."""
    n_lessons = network.channels(network.last_maps) // 10  # of 20 regions each: two vectors per dimension
    lessons = _images(n_lessons, (192, 256), options.seed + 1)
    learnt = whitening.learn((_regions(network, image) for image in lessons), "noise", floor=1 / CONDITION)
    batches = [network.prepare(image)[None] for image in _images(2 if options.quick else 4, size, options.seed + 2)]
    maps = [(_maps(network, batch, FORMS[DEFAULT]), _maps(network, batch, FORMS[HALF])) for batch in batches]
    settings: dict[str, float | int | str] = {"images": len(batches), "condition": learnt.condition}
    rows = []
    for name, chosen in (("R-MAC", None), ("R-MAC, whitened", learnt)):
        pairs = [(pooling.rmac(full, chosen), pooling.rmac(half, chosen)) for full, half in maps]
        loss = max(1e6 * (1 - float((full.double() * half.double()).sum())) for full, half in pairs)
        rows.append(Row(LOSS, f"{name}: {network.name}, {network.weights}", loss, "millionths", settings))
    return rows


def _maps(network: Backbone, batch: Tensor, form: Form) -> Tensor:
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=form.bfloat16):
        batch = batch.to(memory_format=form.memory_format)
        return network.maps(batch, [network.last_maps])[network.last_maps]


def _regions(network: Backbone, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    maps = _maps(network, network.prepare(image)[None], FORMS[DEFAULT])
    return pooling.l2(regions.region_maxima(maps, regions.rmac_grid(*maps.shape[2:])))[0].numpy()


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
