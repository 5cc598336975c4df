"""Sentence models as they are distributed: folders and zip files, whole and broken."""

import json
import sys
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import save

from tests.features.test_bert import HEADS, LAYERS, WORDS, D, weights
from vretlib.errors import UserError
from vretlib.features import sentence_files

CONFIG = {"model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": LAYERS, "num_attention_heads": HEADS}


class Tokenizer:
    """Stands in for the package: a text's words are numbers; truncation as the package has it."""

    def __init__(self, size):
        self.size, self.longest = size, None

    @classmethod
    def from_str(cls, text):
        return cls(json.loads(text)["size"])

    def no_padding(self):
        pass

    def enable_truncation(self, longest):
        self.longest = longest

    def get_vocab_size(self):
        return self.size

    def encode_batch(self, texts):
        return [SimpleNamespace(ids=[int(word) for word in text.split()][: self.longest]) for text in texts]


@pytest.fixture(autouse=True)
def _a_tokenizer(monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", SimpleNamespace(Tokenizer=Tokenizer, __spec__=SimpleNamespace()))


def contents(**changed):
    held = {
        "model.safetensors": save(weights()),
        "config.json": json.dumps(CONFIG),
        "tokenizer.json": json.dumps({"size": WORDS}),
        "sentence_bert_config.json": json.dumps({"max_seq_length": 3}),
        "1_Pooling/config.json": json.dumps({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}),
    }
    return {name: data for name, data in (held | changed).items() if data is not None}


def folder(path, **changed):
    for name, data in contents(**changed).items():
        (path / name).parent.mkdir(exist_ok=True, parents=True)
        (path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def zipped(path, inside="", **changed):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents(**changed).items():
            archive.writestr(f"{inside}{name}", data)
    return path


def test_folder_and_zip_file_hold_the_same_model(tmp_path):
    read = [
        sentence_files.read(folder(tmp_path / "model")),
        sentence_files.read(zipped(tmp_path / "model.zip")),
        sentence_files.read(zipped(tmp_path / "some-1.0-py3-none-any.whl", "some/model/")),
    ]
    assert len({model.checksum for model in read}) == 1
    found = [model.computed(["1 2 3", "4"]) for model in read]
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
    assert found[0].shape == (2, D)


def test_length_and_pooling_are_the_model_s(tmp_path):
    model = sentence_files.read(folder(tmp_path / "one"))
    np.testing.assert_array_equal(model.computed(["1 2 3 4 5"]), model.computed(["1 2 3"]))
    first = json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    changed = {"1_Pooling/config.json": first, "sentence_bert_config.json": None}
    other = sentence_files.read(folder(tmp_path / "other", **changed))
    assert (model.pooling, other.pooling) == ("mean", "first")
    assert np.abs(other.computed(["1 2 3 4 5"]) - other.computed(["1 2 3"])).max() > 0.01
    assert other.checksum != model.checksum


def test_a_model_trained_with_a_head_has_other_names_for_the_same_tensors(tmp_path):
    headed = {f"bert.{name}": tensor for name, tensor in weights().items()} | {"cls.bias": torch.zeros(3)}
    found = sentence_files.read(folder(tmp_path, **{"model.safetensors": save(headed)}))
    assert found.d == D


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model.safetensors": None}, "holds no model.safetensors"),
        ({"model.safetensors": None, "pytorch_model.bin": b"pickle"}, "pytorch_model.bin is not read"),
        ({"tokenizer.json": None}, "holds no tokenizer.json"),
        ({"model.safetensors": save(weights())[:-40]}, "model.safetensors is not complete"),
        ({"model.safetensors": b""}, "model.safetensors is not complete"),
        ({"config.json": "[]"}, "config.json is no JSON object"),
        ({"config.json": "{"}, "config.json is no JSON object"),
        ({"config.json": json.dumps(CONFIG | {"model_type": "mpnet"})}, "model_type='mpnet'"),
        ({"config.json": json.dumps(CONFIG | {"hidden_act": "mish"})}, "hidden_act='mish'"),
        ({"config.json": json.dumps(CONFIG | {"hidden_act": ["gelu"]})}, "hidden_act=.'gelu'"),
        ({"config.json": json.dumps(CONFIG | {"layer_norm_eps": "small"})}, "layer_norm_eps='small': expected"),
        ({"config.json": json.dumps(CONFIG | {"layer_norm_eps": None})}, "layer_norm_eps=None: expected a number"),
        ({"config.json": json.dumps(CONFIG | {"num_hidden_layers": "2"})}, "num_hidden_layers='2'"),
        ({"config.json": json.dumps(CONFIG | {"num_hidden_layers": 3})}, "encoder.layer.2.*has the shape None"),
        ({"config.json": json.dumps(CONFIG | {"num_attention_heads": 5})}, "no multiple of 5 heads"),
        ({"tokenizer.json": json.dumps({"size": WORDS + 1})}, "31 word pieces and its model.safetensors 30"),
        ({"tokenizer.json": "not json"}, "tokenizer.json cannot be read"),
        ({"sentence_bert_config.json": '{"max_seq_length": -1}'}, "max_seq_length=-1"),
        ({"1_Pooling/config.json": '{"pooling_mode_max_tokens": true}'}, "asks for pooling_mode_max_tokens"),
    ],
)
def test_what_is_missing_or_wrong_is_named(tmp_path, changed, message):
    with pytest.raises(UserError, match=message):
        sentence_files.read(folder(tmp_path / "folder", **changed))
    with pytest.raises(UserError, match=message):
        sentence_files.read(zipped(tmp_path / "model.zip", "inside/", **changed))


def test_nan_in_the_weights_is_named(tmp_path):
    broken = weights()
    broken["encoder.layer.1.output.dense.bias"][2] = float("nan")
    with pytest.raises(UserError, match=r"encoder\.layer\.1\.output\.dense\.bias .*NaN"):
        sentence_files.read(folder(tmp_path, **{"model.safetensors": save(broken)}))


def test_no_such_path_and_no_zip_file(tmp_path):
    with pytest.raises(UserError, match="no such file or folder"):
        sentence_files.read(tmp_path / "nothing")
    (tmp_path / "text.zip").write_text("text")
    with pytest.raises(UserError, match="not a complete zip file"):
        sentence_files.read(tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "bad.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sentence_files.NEEDED:
            archive.writestr(name, b"x" * 99)
    data = (tmp_path / "bad.zip").read_bytes()
    at = data.index(sentence_files.WEIGHTS.encode()) + len(sentence_files.WEIGHTS)
    (tmp_path / "bad.zip").write_bytes(data[:at] + b"\xff" + data[at + 1 :])
    with pytest.raises(UserError, match="not a complete zip file"):
        sentence_files.read(tmp_path / "bad.zip")
    two = zipped(tmp_path / "two.zip", "a/")
    with zipfile.ZipFile(two, "a") as archive:
        archive.writestr("b/model.safetensors", b"")
    with pytest.raises(UserError, match="holds 2 models, in a/, b/"):
        sentence_files.read(two)


def test_a_file_beyond_all_memory_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(sentence_files, "LARGEST", 100)
    for path in (zipped(tmp_path / "large.zip"), folder(tmp_path / "large")):
        with pytest.raises(UserError, match=r"model.safetensors: has .* bytes; expected 100 at most"):
            sentence_files.read(path)


def test_without_the_package_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sentence_files, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="needs the package tokenizers; install it"):
        sentence_files.read(folder(tmp_path))
