"""The weights in ``data/weights``: a list of them, and their training (``python -m vretlib weights``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from vretlib import outputs
from vretlib.datasets import detection, drawn_collections, paintings
from vretlib.datasets.clips import query_kinds, source
from vretlib.datasets.faces import embedded as drawn_faces
from vretlib.datasets.faces.face_pictures import face_pictures
from vretlib.datasets.landmarks import detection_sets, embedded
from vretlib.datasets.landmarks import source as landmarks
from vretlib.described import hash_trainings, landmark_training, painting_tasks, similarity_trainings
from vretlib.described import landmarks as landmark_vectors
from vretlib.described import paintings as of_paintings
from vretlib.described.similarity_trainings import LANDMARK_SIZES, TARGETS
from vretlib.errors import UserError
from vretlib.features import backbones, detector_files, face_network
from vretlib.features import weights as weights_of
from vretlib.models import (
    card_lines,
    cards,
    committed_encoders,
    committed_end_to_end,
    committed_hash_networks,
    committed_kernel_hashers,
    committed_similarities,
    committed_spaces,
    committed_tunings,
    common_spaces_recipe,
    detector_recipe,
    end_to_end_recipe,
    face_detector_recipe,
    face_recipe,
    fine_tuning,
    hash_networks_recipe,
    mac_learning,
    pretraining,
    query_detector_recipe,
    temporal_recipe,
)
from vretlib.models.cards import Card
from vretlib.models.cross_modal_training import CrossModalRecipe


def _pretrain(name: str, out: Path, *, seed: int) -> Path:
    recipe = pretraining.RECIPES[name]
    buildings = embedded.pretraining(n_classes=recipe.n_classes, per_class=recipe.per_class, seed=seed)
    return pretraining.train(name, buildings, out, seed=seed)


def _fine_tune(out: Path, *, seed: int) -> Path:
    recipe = mac_learning.FineTuningRecipe()
    others = fine_tuning.buildings_seed(seed, cards.read(weights_of.embedded_file("vgg16"))["seed"])
    buildings = embedded.pretraining(n_classes=recipe.n_classes, per_class=recipe.per_class, seed=others)
    return fine_tuning.train(buildings, out, seed=seed)


FILMS_SEED, VALIDATION_SEED = 6000, 7000
"""Seeds of the clips that the temporal encoders learn from, and of those that they are measured on: no page's."""


def _temporal_encoders(out: Path, *, seed: int) -> Path:
    recipe = temporal_recipe.FairRecipe()
    small: dict[str, Any] = {"films": 1, "film_seconds": 20.0, "channels": 0, "queries": 0}
    taught = source.load(
        "embedded", seed=FILMS_SEED + seed, training_films=recipe.films, training_clips=recipe.clips, **small
    )
    asked = source.load("embedded", seed=VALIDATION_SEED + seed, training_clips=0).evaluation
    queries = asked.queries
    searched = temporal_recipe.Searched(
        f"{len(asked.clips)} clips of other films and channels",
        [clip.path for clip in asked.clips],
        [query.path for query in queries],
        [query_kinds.IN_WORDS[query.kind] for query in queries],
        [query.relevant for query in queries],
    )
    seeds = {"films": recipe.films, "seed": FILMS_SEED + seed, "validation_seed": VALIDATION_SEED + seed}
    return temporal_recipe.train([clip.path for clip in taught.training], searched, out, seed=seed, data=seeds)


def _face_network(out: Path, *, seed: int) -> Path:
    recipe = face_recipe.RECIPE
    drawn = drawn_faces.development(seed, people=recipe.people, videos=recipe.videos, frames=recipe.frames)
    return face_recipe.train(face_recipe.People(drawn.frames, drawn.persons), out, seed=seed)


PAINTED: dict[str, Any] = {
    "dataset": "embedded", "seed": 0, "sizes": {"n_train": 1600, "n_val": 200, "n_test": 300, "size": 144},
    "weights": "embedded", "network": "ResNet50", "image_side": 112, "vocabulary": "thesis",
    "sentences": "trained here", "sentence_dims": 64, "text_sizes": [128, 64], "training": "together",
    "learning_rate": 0.002, "batch_size": 32, "seeds": [0, 1, 2],
}  # fmt: skip
"""The parameters of notebook 07 whose paintings the common spaces learn, and to which they belong."""


def _common_spaces(out: Path, *, seed: int) -> Path:
    collection = paintings.load("embedded", root="", seed=PAINTED["seed"], **PAINTED["sizes"])
    network = backbones.load("resnet50", PAINTED["weights"])
    texts = of_paintings.texts(collection, PAINTED["vocabulary"], 2, PAINTED["sentence_dims"], PAINTED["sentences"])
    x = of_paintings.layers(collection, [network], side=PAINTED["image_side"])[PAINTED["network"]]
    wanted = painting_tasks.forms(collection.train)
    learned = {name: painting_tasks.task(x, texts, form) for name, form in wanted.items()}
    recipe = CrossModalRecipe(
        common_spaces_recipe.STEPS, PAINTED["learning_rate"], PAINTED["batch_size"], PAINTED["training"],
        sizes=tuple(PAINTED["text_sizes"]), seed=seed,
    )  # fmt: skip
    return common_spaces_recipe.train(learned, out, recipe, data=PAINTED)


def _detector(name: str, out: Path, *, seed: int, device: str = "cpu") -> Path:
    trained_on = detector_recipe.RECIPES[name].trained_on
    learned = detection.embedded(trained_on, "training", seed)
    held_out = detection.embedded(trained_on, "held-out", seed)
    return detector_recipe.train(name, learned, held_out, out, seed=seed, data={"seed": seed}, device=device)


def _query_detector(name: str, out: Path, *, seed: int, device: str = "cpu") -> Path:
    collection = drawn_collections.drawn(seed, {}, {})[query_detector_recipe.RECIPES[name][0]]
    queries, views = detection_sets.asked(collection), detection_sets.other_views(collection)
    return query_detector_recipe.train(name, queries, views, out, seed=seed, device=device)


def _face_detector(name: str, out: Path, *, seed: int, device: str = "cpu") -> Path:
    which = face_detector_recipe.NAMES[name]
    learned, held_out = face_pictures(which, "training", seed), face_pictures(which, "held-out", seed)
    return face_detector_recipe.train(name, learned, held_out, out, seed=seed, device=device)


def _end_to_end(out: Path, *, seed: int) -> Path:
    recipe = end_to_end_recipe.AloneThenTogetherRecipe()
    study = landmarks.load("embedded", seed=seed, **LANDMARK_SIZES)
    network = backbones.load("vgg16", "embedded")
    described = landmark_vectors.describe(study, "MAC", network, image_size=recipe.together.image_size)
    examples = landmark_training.training_sets(study, described, few=0, many=TARGETS, seed=seed)["LANDMARKS-EXTRA"]
    data = {"name": examples.name, "sizes": LANDMARK_SIZES, "targets": TARGETS, "seed": seed}
    return end_to_end_recipe.train(examples, network, out, seed=seed, recipe=recipe, data=data)


DETECTORS = (*detector_recipe.RECIPES, *face_detector_recipe.NAMES, *query_detector_recipe.RECIPES)
"""The weights that can be trained on a GPU too; the recipes of all others run on a CPU."""

TRAINERS: dict[str, Callable[..., Path]] = {
    **{name: partial(_pretrain, name) for name in pretraining.RECIPES},
    fine_tuning.NAME: _fine_tune,
    committed_encoders.NAME: _temporal_encoders,
    face_network.NAME: _face_network,
    **{name: partial(hash_trainings.networks, name) for name in hash_networks_recipe.RECIPES},
    **{name: partial(hash_trainings.kernel_hashers, name) for name in committed_kernel_hashers.NAMES.values()},
    committed_similarities.NAME: similarity_trainings.networks,
    committed_spaces.NAME: _common_spaces,
    committed_end_to_end.NAME: _end_to_end,
    **{name: partial(_detector, name) for name in detector_recipe.RECIPES},
    **{name: partial(_face_detector, name) for name in face_detector_recipe.NAMES},
    **{name: partial(_query_detector, name) for name in query_detector_recipe.RECIPES},
}
"""The function that trains the weights of each name on drawn pictures: ``TRAINERS[name](out, seed=...)``."""


def files() -> dict[str, tuple[str, str]]:
    """Network and source, the arguments of `vretlib.features.backbones.load`, by the name of the weights."""
    return {
        name: (network, source)
        for source, by_network in weights_of.COMMITTED.items()
        for network, name in by_network.items()
    }


def path(name: str) -> Path:
    """The file of the weights with this name in ``data/weights``."""
    return _OTHERS[name][0]() if name in _OTHERS else weights_of.embedded_file(*files()[name])


def listing() -> Iterator[str]:
    """Lines about the available weights: the files of the project, and other sources of `backbones.load`."""
    for name in TRAINERS:
        file = path(name)
        card = cards.read(file)
        yield f"{name}: {card['bytes'] / 2**20:.1f} MiB, sha256 {card['sha256'][:8]}"
        if name in _OTHERS:
            _, of_card, use = _OTHERS[name]
        else:
            network, where = files()[name]
            of_card, use = card_lines.of_backbone, f'backbones.load("{network}", "{where}")'
        lines = [*of_card(card), ("again", card["command"]), ("use", use)]
        yield from (f"    {heading:9}{text}" for heading, text in lines)
    yield "imagenet: torchvision's IMAGENET1K_V1, downloaded once and verified"
    yield f"    {'networks':9}{', '.join(backbones.NAMES)}"
    yield f"    {'use':9}" + 'backbones.load(NETWORK, "imagenet")'


_HASH_FUNCTIONS = {
    **{
        name: f"committed_hash_networks.read(FRAMES, {'FRONT' if recipe.second else None}, FILE)"
        for name, recipe in hash_networks_recipe.RECIPES.items()
    },
    **dict.fromkeys(committed_kernel_hashers.NAMES.values(), "committed_kernel_hashers.read(FRAMES, FILE)"),
}
"""How those of paper 001 are used, by the name of the weights."""

_OTHERS: dict[str, tuple[Callable[[], Path], Callable[[Card], Iterator[tuple[str, str]]], str]] = {
    committed_encoders.NAME: (committed_encoders.file, card_lines.of_encoders, "committed_encoders.read()"),
    committed_end_to_end.NAME: (
        committed_end_to_end.file,
        card_lines.of_end_to_end,
        "committed_end_to_end.read(NETWORK)",
    ),
    face_network.NAME: (face_network.file, card_lines.of_faces, "face_network.load()"),
    committed_similarities.NAME: (
        committed_similarities.file,
        card_lines.of_similarities,
        "trained_similarities.trained_simnet(RECIPE, EXAMPLES, MARGIN)",
    ),
    committed_spaces.NAME: (committed_spaces.file, card_lines.of_spaces, "committed_spaces.read(TASKS)"),
    **{
        name: (partial(committed_hash_networks.file, name), card_lines.of_hash_functions, use)
        for name, use in _HASH_FUNCTIONS.items()
    },
    **{
        name: (
            partial(detector_files.committed, recipe.network, recipe.trained_on),
            card_lines.of_detector,
            f'detector_files.load("{recipe.network}", "{recipe.trained_on}")',
        )
        for name, recipe in detector_recipe.RECIPES.items()
    },
    **{
        name: (
            partial(detector_files.committed, "vgg16", which),
            card_lines.of_face_detector,
            f'detector_files.load("vgg16", "{which}")',
        )
        for name, which in face_detector_recipe.NAMES.items()
    },
    **{
        name: (
            partial(committed_tunings.file, collection, tuning.strategy),
            card_lines.of_query_detector,
            "committed_tunings.read(FILE, DETECTOR)",
        )
        for name, (collection, tuning) in query_detector_recipe.RECIPES.items()
    },
}
"""Weights that are no backbone's: their file, the lines of their card, and how to load them."""


def train(name: str, out: Path | None = None, *, seed: int = 0, force: bool = False, device: str = "cpu") -> Path:
    """The file of the weights of a name, which are trained and, when done, written with their card.

    Parameters
    ----------
    out: the file to write; None is the file in ``data/weights``, which `vretlib.features.backbones.load` reads.
    force: whether an existing file is replaced.
    device: where one of `DETECTORS` is trained, such as "cuda"; it must exist. All others are trained on the CPU.

    Raises
    ------
    UserError: an unknown name, a device that these weights are not trained on, a file that exists already, or a path
        that cannot be written; raised before training.
    """
    if name not in TRAINERS:
        raise UserError(f"weights {name!r}: expected one of {', '.join(TRAINERS)}.")
    if device != "cpu" and name not in DETECTORS:
        raise UserError(f"{name}: is trained on the CPU. Leave out --device, which is for {', '.join(DETECTORS)}.")
    out = out or path(name)
    if out.suffix != ".safetensors":
        raise UserError(f"{out}: weights are written as .safetensors files. Give it that ending.")
    if out.exists() and not force:
        raise UserError(f"{out}: is there already. Write to another file (--out), or replace this one (--force).")
    outputs.check(out)
    return TRAINERS[name](out, seed=seed, **({} if device == "cpu" else {"device": device}))
