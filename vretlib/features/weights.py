"""Sources of a network's weights, and a reader that does not trust the file.

Five sources: ``"embedded"`` (small networks trained by this project, `vretlib.models.pretraining`),
``"embedded-fine-tuned"`` (one of them fine-tuned for retrieval, `vretlib.models.fine_tuning`), ``"imagenet"``
(torchvision's, downloaded once), ``"random"`` (untrained: for measuring speed and shapes) and the path of a file.
A file is read as tensors only; a pickle that holds anything else is refused, not executed.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import Tensor, nn

from vretlib import files, outputs, paths
from vretlib.checksums import checksum
from vretlib.errors import UserError, short_list
from vretlib.features import narrow_shape, state_dicts
from vretlib.features.state_dicts import State

EMBEDDED = tuple(narrow_shape.EMBEDDED)
IMAGENET_SIDE = 224
MAX_SIDE = 4096
"""Of the images that a network may say it was trained on, in pixels."""

COMMITTED = {
    "embedded": {name: name for name in EMBEDDED},
    "embedded-fine-tuned": {"vgg16": "vgg16_fine_tuned"},
}
"""Names of the files in ``data/weights``, by source and network."""

SOURCES = (*COMMITTED, "imagenet", "random")
"""The sources that have a name."""

_HEADER = "narrow"  # the entry of a safetensors header that describes a narrow network


@dataclass(frozen=True, eq=False)
class Weights:
    """A network's parameters, their source and their shape.

    Attributes
    ----------
    state: tensors by name, as the file calls them: float32; counters and what is no dense floating-point number keep
        their type. Empty for "random".
    description: one line for the reader: source and file.
    checksum: SHA-256 of the file, in hexadecimal; for "random", words that say so.
    shape: of a narrow network; None for torchvision's own.
    image_side: side of the images that the network was trained on, in pixels.
    """

    state: State
    description: str
    checksum: str
    shape: narrow_shape.Narrow | None = None
    image_side: int = IMAGENET_SIDE


RANDOM = Weights({}, "random (untrained, seed 0)", "random, seed 0")


def resolve(name: str, weights: str | Path) -> Weights:
    """The weights of the network `name` from one of the five sources.

    Raises
    ------
    UserError: no embedded weights for `name`; no network, or another file where torchvision's should be; a file that
        does not exist, is damaged, or holds anything but tensors.
    """
    if weights == "random":
        return RANDOM
    if weights in COMMITTED:
        return read(embedded_file(name, str(weights)), str(weights))
    if weights == "imagenet":
        return read(imagenet_file(name), "imagenet (torchvision, IMAGENET1K_V1)")
    return read(files.given(weights), "file")


def embedded_file(name: str, source: str = "embedded") -> Path:
    """The file of `COMMITTED` for the network `name`; UserError if the project has none."""
    names = COMMITTED[source]
    if name not in names:
        raise UserError(
            f"weights={source!r}: there are none for {name}, only for {' and '.join(names)}. "
            "Choose one of these, weights='imagenet', or the path of a file with weights."
        )
    return committed_file(names[name])


def committed_file(name: str) -> Path:
    """The file of the project's own weights with this name."""
    return paths.DATA / "weights" / f"{name}.safetensors"


def imagenet_file(name: str) -> Path:
    """The file of torchvision's weights (IMAGENET1K_V1), downloaded to torch's own cache unless it is there already.

    The first digits of the SHA-256 are part of torchvision's file name; a file without them is refused.
    """
    url = imagenet_url(name)
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]
    expected = re.search(r"-([0-9a-f]{8})\.pth$", path.name)[1]  # type: ignore[index]
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            torch.hub.download_url_to_file(url, str(path), hash_prefix=expected)
        except (OSError, HTTPException, RuntimeError) as error:  # RuntimeError: the download has another hash
            raise UserError(
                f"weights='imagenet': {url} could not be downloaded ({error}). Download it elsewhere and put it "
                f"at {path}, or give the file's path as weights, or use weights='embedded'."
            ) from error
    found = checksum(path)
    if not found.startswith(expected):
        raise UserError(
            f"{path}: its SHA-256 begins with {found[:8]}, expected {expected}: the file is damaged or another one. "
            "Remove it, and it is downloaded again."
        )
    return path


def imagenet_url(name: str) -> str:
    """The address of torchvision's weights for the network `name`."""
    import torchvision  # takes three seconds, and no other source needs it

    return str(torchvision.models.get_model_weights(name).IMAGENET1K_V1.url)


def read(path: Path, source: str, names: Sequence[str] = SOURCES) -> Weights:
    """The weights in a ``.safetensors`` or ``.pth`` file; errors as in `resolve`.

    ``names`` are what the caller takes instead of a path; the message about a missing file offers them.
    """
    if files.status(path) is None:
        raise UserError(
            f"{path}: no such file of weights. Give the path of a .safetensors or .pth file, "
            f"or {'one of ' if len(names) > 1 else ''}{', '.join(map(repr, names))}."
        )
    files.regular(path, "a .safetensors or .pth file of weights")
    readers = {".safetensors": _safetensors, ".pth": _pickle, ".pt": _pickle}
    if path.suffix.lower() not in readers:
        raise UserError(f"{path}: weights are read from .safetensors, .pth or .pt files. Convert it to one of them.")
    state, header = readers[path.suffix.lower()](path)
    state = {key: _as_float(value) for key, value in state.items()}
    digest, description = checksum(path), f"{source}: {path.name}"
    if _HEADER not in header:
        return Weights(state, description, digest)
    try:
        described = json.loads(header[_HEADER])
        shape, side = narrow_shape.Narrow.of(described), int(described["image_side"])
        if not 1 <= side <= MAX_SIDE:
            raise ValueError(f"image_side {side}, expected 1 to {MAX_SIDE}")
        return Weights(state, description, digest, shape, side)
    except (KeyError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise UserError(f"{path}: its header describes no narrow network ({error!r}). Train it again.") from error


def save(state: Mapping[str, Tensor], path: Path, shape: narrow_shape.Narrow, image_side: int) -> None:
    """Write a narrow network as a safetensors file, matrices and filters as float16, vectors as they are.

    Biases and the statistics of batch normalisation are few and can be small, so they keep their precision. Equal
    networks make equal files, byte by byte.
    """
    tensors = {
        key: (value.half() if value.is_floating_point() and value.ndim > 1 else value).detach().contiguous()
        for key, value in state.items()
    }
    header = {_HEADER: json.dumps({**asdict(shape), "image_side": image_side})}  # of several, the order would be random
    outputs.write(path, serialised(tensors, header))


def fill(network: nn.Module, weights: Weights) -> list[str]:
    """The names of the parameters that the file lacks; all others go into the network, which may be on the meta device.

    The file may call the tensors as `state_dicts.matched` knows them. Every tensor that maps need must be there and
    fit; those of the classifier may be absent or of another shape: the file's own classifier then is passed over.

    Raises
    ------
    UserError: names the tensors, in the network's order, that are missing, have another shape, or are no finite
        numbers, or the first of the file that the network has no place for.
    """
    expected = network.state_dict()
    try:
        found, surplus = state_dicts.matched(weights.state, network)
    except UserError as error:
        raise UserError(f"{weights.description}: {error}") from None
    faults, absent = [], []
    for key, tensor in expected.items():
        if key not in found and key.endswith("num_batches_tracked"):  # a counter that older files lack
            found[key] = torch.zeros((), dtype=torch.long)
        wrong = state_dicts.fault(found[key], tensor) if key in found else "found no such tensor"
        if wrong and state_dicts.is_head(key) and (key not in found or found[key].shape != tensor.shape):
            absent.append(key)
            found.pop(key, None)
        elif wrong:
            shape = f"expected shape {tuple(tensor.shape)}, " if key not in found else ""
            faults.append(f"{key}: {shape}{wrong}")
    if faults:
        raise _mismatch(weights, short_list(faults, "; "))
    body = {key.split(".", 1)[0] for key in expected if not state_dicts.is_head(key)}
    odd = [key for key in surplus if not absent or key.split(".", 1)[0] in body or key[:1].isdigit()]
    if odd:
        raise _mismatch(weights, f"{min(odd)}: the network has no such tensor")
    ready = {key: value.to(expected[key].dtype).contiguous() for key, value in found.items()}
    network.load_state_dict(ready, strict=False, assign=True)
    return absent


def _mismatch(weights: Weights, what: str) -> UserError:
    return UserError(f"{weights.description} does not fit the network: {what}. Choose the backbone it was made for.")


def _safetensors(path: Path) -> tuple[State, dict[str, str]]:
    try:
        with safe_open(path, framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except Exception as error:  # whatever a header can say: offsets, shapes and types of any size
        raise UserError(
            f"{path}: not a complete safetensors file ({_line(error)}). Copy or download it again."
        ) from error


def _pickle(path: Path) -> tuple[State, dict[str, str]]:
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UserError(
            f"{path}: holds something else than tensors, or is damaged; nothing in it was executed. "
            "Expected a state dict as torch.save(network.state_dict(), path) writes it."
        ) from error
    except Exception as error:  # a pickle that is none can end anywhere in torch's unpickler
        raise UserError(
            f"{path}: is not a complete file of weights ({_line(error)}). Copy or download it again."
        ) from error
    return state_dicts.unwrapped(loaded, str(path)), {}


def _line(error: Exception) -> str:
    """The first line of an error, shortened: torch's messages are pages long."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _as_float(tensor: Tensor) -> Tensor:
    """Dense floating-point numbers as float32; as it is anything else, or a shape larger than what is stored."""
    dense = tensor.layout == torch.strided and not tensor.is_quantized and not tensor.is_meta
    if not dense or not tensor.is_floating_point():
        return tensor
    return tensor.float() if tensor.untyped_storage().nbytes() >= tensor.nbytes else tensor
