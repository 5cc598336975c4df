"""Whitening: what it makes of its training vectors, against scikit-learn, streamed, saved, and refused."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.decomposition import PCA

from vretlib.errors import UserError
from vretlib.features import whitening


@pytest.fixture(scope="module")
def x() -> np.ndarray:
    """Correlated vectors far from the origin, 6 dimensions of very different variance."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(500, 6)) * [3, 2, 1, 0.5, 0.1, 0.02] @ np.linalg.qr(rng.normal(size=(6, 6)))[0] + 5


@pytest.fixture(scope="module")
def learned(x) -> whitening.Whitening:
    return whitening.learn(x, "noise")


def test_whitened_training_vectors_have_mean_zero_and_identity_covariance(x, learned):
    white = learned.apply(x, l2=False)
    np.testing.assert_allclose(white.mean(0), 0, atol=1e-10)
    np.testing.assert_allclose(white.T @ white / len(x), np.eye(6), atol=1e-10)


def test_it_is_scikit_learns_but_for_signs_and_the_biased_covariance(x, learned):
    pca = PCA(whiten=True, svd_solver="full").fit(x)  # from singular values, no covariance
    np.testing.assert_allclose(learned.eigenvalues, pca.explained_variance_ * (len(x) - 1) / len(x), rtol=1e-10)
    np.testing.assert_allclose(abs(learned.eigenvectors @ pca.components_.T), np.eye(6), atol=1e-10)
    ours, theirs = learned.apply(x, l2=False), pca.transform(x) * (len(x) / (len(x) - 1)) ** 0.5
    np.testing.assert_allclose(abs(ours), abs(theirs), atol=1e-9)


def test_eigenvalues_of_unit_vectors_sum_to_one_minus_the_means_square(x):
    """As those of the matrix that the thesis' author published do: the covariance is divided by n."""
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    learned = whitening.learn(unit, "unit vectors")
    assert learned.eigenvalues.sum() == pytest.approx(1 - (learned.mean**2).sum(), abs=1e-12)


def test_eigenvalues_descend_and_the_greatest_component_of_each_axis_is_positive(x, learned):
    assert (np.diff(learned.eigenvalues) <= 0).all()
    largest = np.take_along_axis(learned.eigenvectors, abs(learned.eigenvectors).argmax(1)[:, None], 1)
    assert (largest > 0).all()
    mirrored = whitening.learn(10 - x, "noise")
    np.testing.assert_allclose(mirrored.eigenvectors, learned.eigenvectors, atol=1e-9)


def test_blocks_of_any_size_give_the_moments_of_the_whole(x, monkeypatch):
    monkeypatch.setattr(whitening, "_BLOCK", 64)
    moments = whitening.Moments(6)
    for block in np.split(x, [1, 2, 100, 100, 399]):
        moments.add(block)
    assert moments.n == 500
    np.testing.assert_allclose(moments.mean, x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(moments.covariance, np.cov(x.T, bias=True), rtol=1e-9, atol=1e-12)
    streamed = whitening.learn(iter(np.split(x, [3, 250])), "noise")
    np.testing.assert_allclose(streamed.projection, whitening.learn(x, "noise").projection, rtol=1e-6)


def test_a_large_mean_costs_no_digits(x):
    moments = whitening.Moments(6)
    for block in np.split(x + 1e6, 10):
        moments.add(block)
    np.testing.assert_allclose(moments.covariance, np.cov(x.T, bias=True), rtol=1e-6, atol=1e-8)


def test_tensors_are_whitened_as_arrays_are_and_stay_what_they_are(x, learned):
    for dtype in (np.float32, np.float64):
        array = x[:10].reshape(2, 5, 6).astype(dtype)
        tensor = learned.apply(torch.from_numpy(array))
        assert isinstance(tensor, torch.Tensor)
        assert tensor.numpy().dtype == learned.apply(array).dtype == dtype
        np.testing.assert_allclose(tensor, learned.apply(array), atol=1e-4 if dtype == np.float32 else 1e-12)
        np.testing.assert_allclose(np.linalg.norm(tensor, axis=-1), 1, atol=1e-6)


def test_the_condition_is_the_largest_eigenvalue_over_the_smallest(learned):
    assert learned.condition == learned.eigenvalues.max() / learned.eigenvalues.min() > 1e4


def test_what_was_saved_is_loaded_bit_by_bit(learned, tmp_path):
    learned.save(tmp_path / "w.safetensors")
    loaded = whitening.load(tmp_path / "w.safetensors")
    for name in ("mean", "eigenvalues", "eigenvectors", "projection"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(learned, name))
    assert (loaded.n, loaded.source) == (500, "noise")
    assert [path.name for path in tmp_path.iterdir()] == ["w.safetensors"]


def test_matrices_that_change_later_change_nothing(x, learned):
    mean, values, vectors = learned.mean.copy(), learned.eigenvalues.copy(), learned.eigenvectors.copy()
    kept = whitening.from_arrays(mean, eigenvectors=vectors, eigenvalues=values, components="rows", source="noise")
    for matrix in (mean, values, vectors):
        matrix *= 2
    np.testing.assert_array_equal(kept.apply(x), learned.apply(x))


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(learned, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="folder: cannot be written"):
        learned.save(tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_file_that_is_no_whitening_is_refused_by_name(learned, tmp_path):
    path = tmp_path / "w.safetensors"
    with pytest.raises(UserError, match=r"w\.safetensors: not a whitening"):
        whitening.load(path)
    learned.save(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match=r"w\.safetensors: not a whitening"):
        whitening.load(path)


@pytest.mark.parametrize("n", [1, 3, 6])
def test_too_few_vectors_are_refused_with_their_number(x, n):
    with pytest.raises(UserError, match=rf"few: {n} vectors vary in {n - 1} of their 6 dimensions"):
        whitening.learn(x[:n], "few")


@pytest.mark.parametrize("case", ["constant", "dependent"])
def test_a_direction_without_variance_is_refused_unless_a_floor_is_given(x, case):
    spoilt = x.copy()
    spoilt[:, 4] = 0 if case == "constant" else spoilt[:, 0] - 2 * spoilt[:, 1]
    with pytest.raises(UserError, match="vary in 5 of their 6"):
        whitening.learn(spoilt, "noise")
    learned = whitening.learn(spoilt, "noise", floor=1e-6)
    assert learned.eigenvalues[-1] == pytest.approx(1e-6 * learned.eigenvalues[0])
    white = learned.apply(spoilt, l2=False)
    np.testing.assert_allclose(white.T @ white / len(x), np.diag([1, 1, 1, 1, 1, 0]), atol=1e-6)


def test_a_floor_below_all_eigenvalues_changes_nothing(x, learned):
    np.testing.assert_array_equal(whitening.learn(x, "noise", floor=1e-9).projection, learned.projection)


def test_tensors_and_tables_teach_what_arrays_teach(x, learned):
    for given in (torch.from_numpy(x), pd.DataFrame(x), [torch.from_numpy(x[:100]), torch.from_numpy(x[100:])]):
        np.testing.assert_allclose(whitening.learn(given, "test").projection, learned.projection, atol=1e-9)


def test_no_vectors_equal_vectors_and_nan_are_refused_by_source(x):
    for spoilt in (x[:0], np.ones((20, 6)), np.where(x == x[7, 2], np.nan, x), iter(())):
        with pytest.raises(UserError, match="Paris6k:"):
            whitening.learn(spoilt, "Paris6k")


def test_vectors_of_another_dimension_are_refused(x, learned):
    with pytest.raises(UserError, match="vectors of 5 numbers; this whitening was learned on 6"):
        learned.apply(x[:, :5])
    with pytest.raises(UserError, match=r"expected \(n, 6\)"):
        whitening.learn([x, x[:, :5]], "mixed")


def test_whole_numbers_are_whitened_as_numbers_and_not_cut(x, learned):
    whole = np.arange(-6, 6).reshape(2, 6)
    expected = learned.apply(whole.astype(np.float64), l2=False)
    for given in (whole, whole.tolist(), torch.from_numpy(whole)):
        white = np.asarray(learned.apply(given, l2=False))
        assert white.dtype == np.float32
        np.testing.assert_allclose(white, expected, rtol=1e-5)


@pytest.mark.parametrize("dims", [1, 4, 6])
def test_dims_keep_the_first_components_and_normalise_what_is_kept(x, learned, dims):
    all_of_them = learned.apply(x, l2=False)
    np.testing.assert_allclose(learned.apply(x, l2=False, dims=dims), all_of_them[:, :dims], rtol=1e-12)
    kept = all_of_them[:, :dims] / np.linalg.norm(all_of_them[:, :dims], axis=1, keepdims=True)
    np.testing.assert_allclose(learned.apply(x, dims=dims), kept, rtol=1e-12)
    np.testing.assert_allclose(learned.apply(torch.from_numpy(x), dims=dims).numpy(), kept, rtol=1e-9)


def test_numbers_of_dims_that_cannot_be_are_refused(x, learned):
    for dims in (0, 7, 2.5, True):
        with pytest.raises(UserError, match="dims="):
            learned.apply(x, dims=dims)


def lw(x, pairs):
    """Radenović's learned whitening as cirtorch has it, written anew: m, P with P[:dim] @ (x - m)."""
    m = x[pairs[0]].mean(axis=0)
    differences = (x[pairs[0]] - x[pairs[1]]).T
    whitened = np.linalg.inv(np.linalg.cholesky(differences @ differences.T / differences.shape[1]))
    scattered = whitened @ (x - m).T
    _, vectors = np.linalg.eigh(scattered @ scattered.T)
    return m[:, None], vectors[:, ::-1].T @ whitened


def test_a_reference_projection_whitens_as_the_reference_does(x):
    rng = np.random.default_rng(3)
    m, projection = lw(x, rng.integers(0, len(x), (2, 300)))
    expected = projection[:4] @ (x.T - m)
    expected = (expected / np.linalg.norm(expected, axis=0)).T
    given = whitening.from_arrays(m, projection=projection, components="rows", source="Lw")
    np.testing.assert_allclose(given.apply(x, dims=4), expected, rtol=1e-9)
    short = whitening.from_arrays(m, projection=projection[:4], components="rows", source="Lw")
    np.testing.assert_allclose(short.apply(x), expected, rtol=1e-9)
    turned = whitening.from_arrays(m[:, 0], projection=projection.T, components="columns", source="Lw")
    np.testing.assert_allclose(turned.projection, given.projection, rtol=1e-12)


def test_reference_eigenvectors_as_columns_give_back_what_was_learned(x, learned, tmp_path):
    covariance = np.cov(x.T, bias=True)
    values, vectors = np.linalg.eigh(covariance)
    given = whitening.from_arrays(
        x.mean(axis=0, keepdims=True), eigenvectors=vectors[:, ::-1], eigenvalues=values[::-1, None],
        components="columns", source="PCAmat", n=len(x),
    )  # fmt: skip
    white, expected = given.apply(x, l2=False), learned.apply(x, l2=False)
    np.testing.assert_allclose(np.abs(white), np.abs(expected), rtol=1e-7, atol=1e-9)  # signs are open
    given.save(tmp_path / "w.safetensors")
    np.testing.assert_array_equal(whitening.load(tmp_path / "w.safetensors").apply(x), given.apply(x))


def test_a_projection_with_its_bias_is_that_of_keras_rmac(x, learned):
    weights, bias = learned.projection, -learned.projection @ learned.mean
    given = whitening.from_arrays(
        -np.linalg.solve(weights, bias), projection=weights, components="rows", source="keras"
    )
    np.testing.assert_allclose(given.apply(x, l2=False), x @ weights.T + bias, atol=1e-9)


def test_fewer_components_than_dimensions_are_kept_in_a_file(x, learned, tmp_path):
    short = whitening.from_arrays(
        learned.mean, eigenvectors=learned.eigenvectors[:2], eigenvalues=learned.eigenvalues[:2], components="rows",
        source="two",
    )  # fmt: skip
    short.save(tmp_path / "w.safetensors")
    found = whitening.load(tmp_path / "w.safetensors")
    np.testing.assert_array_equal(found.apply(x), short.apply(x))
    assert found.apply(x).shape == (len(x), 2)


def test_matrices_that_do_not_fit_together_are_refused(x, learned):
    mean, vectors, values = learned.mean, learned.eigenvectors, learned.eigenvalues
    for given, says in [
        ({"projection": vectors, "components": "across"}, "components='across'"),
        ({"projection": vectors[:, :5], "components": "rows"}, "5 dimensions, a mean of 6.*other way"),
        ({"projection": vectors[:2], "components": "columns"}, "other way"),
        ({"components": "rows"}, "or a projection alone"),
        ({"projection": vectors, "eigenvectors": vectors, "components": "rows"}, "alone"),
        ({"eigenvectors": vectors, "components": "rows"}, "with eigenvalues"),
        ({"eigenvectors": vectors, "eigenvalues": values[:5], "components": "rows"}, "one for each of 5"),
        ({"eigenvectors": vectors, "eigenvalues": values - values[2], "components": "rows"}, "above 0"),
        (
            {"projection": vectors * np.array([1, 1, 0, 1, 1, 1])[:, None], "components": "rows"},
            "component 2: all zeros",
        ),
        ({"projection": np.where(vectors > 0, np.nan, 1), "components": "rows"}, "NaN"),
    ]:
        with pytest.raises(UserError, match=says):
            whitening.from_arrays(mean, source="reference", **given)
