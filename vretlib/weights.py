"""The weights in ``data/weights``: a list of them, and their training (``python -m vretlib weights``)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from vretlib.cache import checksum
from vretlib.datasets.landmarks import embedded
from vretlib.errors import UserError
from vretlib.features import backbones
from vretlib.features import weights as weights_of
from vretlib.models import cards, fine_tuning, mac_learning, pretraining
from vretlib.models.cards import Card


def _pretrain(name: str, out: Path, *, seed: int) -> Path:
    recipe = pretraining.RECIPES[name]
    buildings = embedded.pretraining(n_classes=recipe.n_classes, per_class=recipe.per_class, seed=seed)
    return pretraining.train(name, buildings, out, seed=seed)


def _fine_tune(out: Path, *, seed: int) -> Path:
    recipe = mac_learning.FineTuningRecipe()
    others = fine_tuning.buildings_seed(seed, cards.read(weights_of.embedded_file("vgg16"))["seed"])
    buildings = embedded.pretraining(n_classes=recipe.n_classes, per_class=recipe.per_class, seed=others)
    return fine_tuning.train(buildings, out, seed=seed)


TRAINERS: dict[str, Callable[..., Path]] = {
    **{name: partial(_pretrain, name) for name in pretraining.RECIPES},
    fine_tuning.NAME: _fine_tune,
}
"""The function that trains the weights of each name on generated buildings: ``TRAINERS[name](out, seed=...)``."""


def files() -> dict[str, tuple[str, str]]:
    """Network and source, the arguments of `vretlib.features.backbones.load`, by the name of the weights."""
    return {
        Path(file).stem: (network, source)
        for source, by_network in weights_of.COMMITTED.items()
        for network, file in by_network.items()
    }


def listing() -> Iterator[str]:
    """Lines about the available weights: the files of the project, and other sources of `backbones.load`."""
    for name, (network, source) in files().items():
        path = weights_of.embedded_file(network, source)
        yield f"{name}: {path.stat().st_size / 2**20:.1f} MiB, sha256 {checksum(path)[:8]}"
        lines = [*_summary(cards.read(path)), ("use", f'backbones.load("{network}", "{source}")')]
        yield from (f"    {heading:9}{text}" for heading, text in lines)
    yield "imagenet: torchvision's IMAGENET1K_V1, downloaded once and verified"
    yield f"    {'networks':9}{', '.join(backbones.NAMES)}"
    yield f"    {'use':9}" + 'backbones.load(NETWORK, "imagenet")'


def _summary(card: Card) -> Iterator[tuple[str, str]]:
    """The headings and texts of a card."""
    data, shape, quality, start = card["data"], card["shape"], card["accuracy"], card.get("start")
    learned = data["images"] - data["held_out"]
    yield "network", f"{shape['topology']} of {'-'.join(map(str, shape['widths']))} channels"
    yield "learned", f"{learned:,} photographs of generated buildings, {card['steps']:,} steps, seed {card['seed']}"
    if start:
        yield "from", f"{start['file']}, sha256 {start['sha256'][:8]}"
        change = f"{quality['before']:.3f} before, {quality['held_out']:.3f} after"
        yield "accuracy", f"mAP of MAC on {data['held_out']} photographs of held-out classes: {change}"
    else:
        yield "accuracy", f"{quality['held_out']:.1%} of {data['held_out']} held-out photographs classified rightly"
    yield "again", card["command"]


def train(name: str, out: Path | None = None, *, seed: int = 0, force: bool = False) -> Path:
    """Train the weights of a name and write them with their card when done.

    Parameters
    ----------
    out: where to; None is the file in ``data/weights``, which `vretlib.features.backbones.load` reads.
    force: replace a file that is there.

    Raises
    ------
    UserError: before training, an unknown name, a file that is there, or a path that cannot be written.
    """
    if name not in TRAINERS:
        raise UserError(f"weights {name!r}: expected one of {', '.join(TRAINERS)}.")
    out = out or weights_of.embedded_file(*files()[name])
    if out.suffix != ".safetensors":
        raise UserError(f"{out}: weights are written as .safetensors files. Give it that ending.")
    if out.exists() and not force:
        raise UserError(f"{out}: is there already. Write to another file (--out), or replace this one (--force).")
    if not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        raise UserError(f"{out.parent}: is not a folder that can be written to. Make it, or write to another (--out).")
    return TRAINERS[name](out, seed=seed)
