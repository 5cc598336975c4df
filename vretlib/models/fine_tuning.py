"""The recipe of the embedded fine-tuned VGG16: descriptors that learn from pairs of photographs.

It stands in for the VGG16 that Radenović et al. (2016) fine-tuned on landmarks (thesis reference [26], in Figure 3.4
and Table 3.5), and learns as that one did (`vretlib.models.mac_learning`). Their pairs come from reconstructed scenes;
here they are photographs of generated buildings, which neither an evaluation nor the network it starts from has seen.
``python -m vretlib weights vgg16_fine_tuned --out FILE`` runs it.

On held-out classes the mAP of MAC rises from .446 to .493. The evaluation sets of chapter 3 were looked at once,
afterwards, and nothing is gained there: on the first three, with photographs of 256 pixels, whitened R-MAC goes from
.682, .466, .698 to .682, .475, .688, and MAC from .687, .591, .667 to .680, .531, .630. Half the learning rate and six
epochs reach .471 on the held-out classes. With the pairs added up as in the paper (five single negatives for each
match, the nearest of all photographs), held-out mAP fell to .216 in four epochs at a rate of 0.0003.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict
from pathlib import Path

from vretlib.features import narrow_shape
from vretlib.features import weights as weights_of
from vretlib.models import cards
from vretlib.models import photographs as photographs_of
from vretlib.models.labelled_images import LabelledImages
from vretlib.models.mac_learning import FineTuningRecipe, Learner

log = logging.getLogger(__name__)

NAME = "vgg16_fine_tuned"


def train(
    data: LabelledImages,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    recipe: FineTuningRecipe = FineTuningRecipe(),  # noqa: B008 (frozen)
    progress: bool = True,
) -> Path:
    """The file of the embedded VGG16 with fine-tuned convolutions, which is trained and written with its card.

    The layers from fc6 on stay as they were and no longer fit the convolutions: the network is only for MAC and R-MAC.

    The same call continues an interrupted run from its last epoch, which is in the cache, and ends in the same weights.

    Parameters
    ----------
    out: the safetensors file; ``data/weights/vgg16_fine_tuned.safetensors`` if None. The card lies beside it as .json.
    data: the training images.
    seed: decides everything random.
    progress: whether to show a bar with the loss.

    Raises
    ------
    UserError: there are too few classes, or a file cannot be read or written.
    """
    out = Path(out) if out is not None else weights_of.embedded_file("vgg16", "embedded-fine-tuned")
    started_from = weights_of.embedded_file("vgg16")
    start = cards.read(started_from)
    photographs = photographs_of.load(data, longest=recipe.longest, held_out=0, seed=seed)
    apart = photographs.labels.numpy() >= len(data.classes) - recipe.held_out
    learner = Learner(photographs.pixels, photographs.labels.numpy(), apart, recipe)
    before = learner.score()
    log.info(
        "%s: %s photographs of %s classes; mAP of MAC on %s others %.3f before",
        NAME,
        int((~apart).sum()),
        len(data.classes) - recipe.held_out,
        recipe.held_out,
        before,
    )
    identity = _identity(recipe, seed, photographs.checksum, start["sha256"])
    trained = learner.learn(seed, identity, progress)
    shape = narrow_shape.Narrow.of(start["shape"])
    weights_of.save(learner.backbone.network.state_dict(), out, shape, recipe.side)
    after = Learner(photographs.pixels, photographs.labels.numpy(), apart, recipe, out).score()
    card = {
        "name": NAME,
        "shape": asdict(shape),
        "image_side": recipe.side,
        "start": {"file": started_from.name, "sha256": start["sha256"]},
        "data": {
            "name": data.name,
            "images": len(data),
            "held_out": int(apart.sum()),
            "seed": buildings_seed(seed, start["seed"]),
            "sha256": photographs.checksum,
        },
        "seed": seed,
        "recipe": asdict(recipe),
        "steps": trained.steps,
        "best_step": trained.best_step,
        "seconds": round(trained.seconds),
        "hardware": cards.hardware(),
        "accuracy": {
            "measure": "mAP of MAC, each photograph of a held-out class looking for the others of its class",
            "held_out": round(after, 4),
            "before": round(before, 4),
            "by_epoch": [round(score, 4) for _, score in trained.validation],
        },
        "stored": "float16 matrices and filters, float32 vectors",
        "command": cards.command(NAME, seed),
    }
    cards.write(card, out)
    log.info("%s: mAP of MAC on held-out classes %.3f, %.3f before", out, after, before)
    return out


def buildings_seed(seed: int, seed_of_start: int) -> int:
    """The seed of generated buildings: never that of the buildings of the pretraining."""
    return seed_of_start + 1 + seed


def _identity(recipe: FineTuningRecipe, seed: int, content: str, start: str) -> str:
    """A key of everything that decides the weights."""
    what = json.dumps([NAME, asdict(recipe), seed, content, start], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()
