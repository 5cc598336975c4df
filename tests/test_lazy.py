"""The packages' public names: what they are, and that asking for one package loads no more than it needs."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib import search

PACKAGES = ("evaluation", "features", "models", "search", "video")


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_can_be_had_and_has_a_docstring(name):
    package = import_module(f"vretlib.{name}")
    assert 12 <= len(package.__all__) <= 20
    for public in package.__all__:
        assert getattr(package, public).__doc__, public
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("name", PACKAGES)
def test_no_public_name_hides_a_module(name):
    """After ``import vretlib.search.exact`` the package's attribute ``exact`` is the module."""
    package = import_module(f"vretlib.{name}")
    modules = {path.stem for folder in package.__path__ for path in Path(folder).iterdir()}
    assert not modules & set(package.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"module 'vretlib.search' has no attribute 'nonsense'"):
        _ = import_module("vretlib.search").nonsense
    with pytest.raises(ImportError, match="nonsense"):
        exec("from vretlib.search import nonsense")


def test_packages_load_nothing_and_searching_loads_no_torch():
    program = (
        "import sys, vretlib.search, vretlib.evaluation, vretlib.features, vretlib.video, vretlib.models\n"
        "assert not {'numpy', 'torch', 'cv2', 'av', 'numba'} & set(sys.modules)\n"
        "from vretlib.search import knn\n"
        "from vretlib.evaluation import rank\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_an_interval_of_a_share_does_not_load_scipy_stats():
    """It takes half a second, at the start of every page."""
    program = "import sys, vretlib.evaluation.shares\nassert 'scipy.stats' not in sys.modules\n"
    subprocess.run([sys.executable, "-c", program], check=True)


X = np.random.default_rng(0).standard_normal((20, 8)).astype(np.float32)
CODES = np.random.default_rng(0).integers(0, 256, (20, 8), dtype=np.uint8)
OFFSETS = np.array([0, 5, 20])


@pytest.mark.parametrize(
    ("function", "xq", "arguments"),
    [
        (search.knn, X, (X, 3)), (search.hamming_knn, CODES, (CODES, 3)), (search.clip_scores, X, (X, OFFSETS)),
        (search.pairwise_scores, X, (X, "cosine")), (search.pairwise_distances, X, (X, "l1")),
        (search.CoarseToFine(X[:, :2], X).search, X[:, :2], (X, 2, 4)),
    ],
)  # fmt: skip
def test_searches_answer_tensors_with_equal_tensors(function, xq, arguments):
    tensors = (torch.from_numpy(part) if isinstance(part, np.ndarray) else part for part in (xq, *arguments))
    expected, found = function(xq, *arguments), function(*tensors)
    for array, tensor in zip(*(x if isinstance(x, tuple) else (x,) for x in (expected, found)), strict=True):
        assert isinstance(tensor, torch.Tensor)
        np.testing.assert_array_equal(tensor, array)
