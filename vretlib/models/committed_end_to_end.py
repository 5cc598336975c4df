"""The descriptor and the similarity network in ``data/weights`` that were trained together (thesis §3.3.5).

The file holds the layers that the training changed and the similarity network. The other layers are those of the
embedded network that it started from. It is useful only for the images that it learned from, because it knows their
landmarks.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import Tensor

from vretlib import outputs
from vretlib.checksums import checksum
from vretlib.errors import NoExampleError, UserError
from vretlib.features.backbones import Backbone
from vretlib.features.weights import committed_file
from vretlib.models import cards
from vretlib.models.simnet import SimNet
from vretlib.models.trained_end_to_end import EndToEndRecipe, TrainedTogether
from vretlib.models.trained_similarities import TrainedSimilarity
from vretlib.models.training import TrainingLog
from vretlib.models.training_set import TrainingSet

NAME = "end_to_end"
_HEADER = "similarity"
_LAYERS, _SIMILARITY = "network.", "similarity."


@dataclass(frozen=True)
class LearnedFrom:
    """What decides whether the weights fit: the network that the training starts from, and its images.

    Attributes
    ----------
    network, weights: name of the network, and the checksum of its weights.
    image_size: longest side of an image, in pixels.
    images: checksum of the names and classes of the training images.
    """

    network: str
    weights: str
    image_size: int
    images: str


def file() -> Path:
    """The file of the project."""
    return committed_file(NAME)


def learned_from(network: Backbone, examples: TrainingSet, image_size: int) -> LearnedFrom:
    """What weights must have been learned from to fit this network and these images."""
    return LearnedFrom(network.name, network.checksum, image_size, examples.images_checksum)


def chosen(end_to_end: str, network: Backbone, examples: TrainingSet, fine_tuning: EndToEndRecipe) -> TrainedTogether:
    """The committed weights; arguments as of `train_end_to_end`.

    Raises
    ------
    NoExampleError: ``end_to_end`` is not "committed", or they were learned from another network, other images, or
        images of another size.
    """
    if end_to_end != "committed":
        raise NoExampleError(f"the committed weights are not used: end_to_end is {end_to_end!r}")
    wanted = asdict(learned_from(network, examples, fine_tuning.image_size))
    if differ := [key for key, value in cards.read(file())["learned_from"].items() if value != wanted[key]]:
        raise NoExampleError(f"the committed weights were learned with other {' and '.join(differ)}")
    return read(network)


def save(before: Backbone, after: Backbone, similarity: SimNet, out: Path) -> None:
    """Write the layers of ``after`` that differ from ``before`` and the similarity network.

    Matrices and filters are stored as float16, vectors as float32. Equal networks make equal files, byte by byte.
    """
    old, new = before.network.state_dict(), after.network.state_dict()
    changed = {key: value for key, value in new.items() if not torch.equal(value, old[key])}
    tensors = _prefixed(_LAYERS, changed) | _prefixed(_SIMILARITY, similarity.state_dict())
    header = {_HEADER: json.dumps({"d": similarity.d, "widths": similarity.widths})}
    outputs.write(out, serialised(tensors, header))


def read(network: Backbone, path: Path | None = None) -> TrainedTogether:
    """The weights of a file on top of the network that the training started from, which stays as it is.

    Raises
    ------
    UserError: no file with its card, one that holds something else, or another network.
    """
    path = path or file()
    card = cards.read(path)
    tuned = copy.deepcopy(network)
    try:
        with safe_open(path, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key).float() for key in opened.keys()}  # noqa: SIM118
            shape = json.loads((opened.metadata() or {})[_HEADER])
        similarity = SimNet(shape["d"], shape["widths"]).to(network.device)
        similarity.load_state_dict(_without(_SIMILARITY, tensors))
        layers = _without(_LAYERS, tensors)
        unknown = tuned.network.load_state_dict(layers, strict=False).unexpected_keys
        log = TrainingLog(card["losses"], [(step, score) for step, score in card["curve"]], card["best_step"])
    except Exception as error:  # whatever a header can say
        raise UserError(
            f"{path}: no weights of {NAME} for {network.name} ({error!r}). Restore it, or train it anew."
        ) from error
    if unknown:
        raise UserError(f"{path}: {unknown[0]} is no layer of {network.name}. Choose the network it was trained from.")
    tuned.checksum = checksum(path)  # another network describes differently
    learned = (
        f"{card['data']['images'] - card['data']['held_out']:,} photographs and {card['data']['held_out']} held out"
    )
    note = f"committed, {path.name}: {learned}, {log.steps:,} steps, seed {card['seed']}"
    return TrainedTogether(tuned, TrainedSimilarity(similarity.eval(), log), note)


def _prefixed(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        prefix + key: (value.half() if value.ndim > 1 else value).detach().contiguous() for key, value in state.items()
    }


def _without(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
