"""What all hash functions have in common: the protocol, and what they say about bad input."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models.hashing import bre, cca_itq, itq, ksh, lsh, spectral

METHODS = {
    "LSH": lambda x, labels, k, rng: lsh.fit(x, k, rng),
    "SH": lambda x, labels, k, rng: spectral.fit(x, k),
    "ITQ": lambda x, labels, k, rng: itq.fit(x, k, rng),
    "SITQ": lambda x, labels, k, rng: cca_itq.fit(x, labels, k, rng),
    "BRE": lambda x, labels, k, rng: bre.fit(x, k, rng),
    "KSH": lambda x, labels, k, rng: ksh.fit(x, labels, k, rng),
}
every = pytest.mark.parametrize("fit", METHODS.values(), ids=METHODS)


@every
@pytest.mark.parametrize("n_bits", [1, 11])
def test_bits_are_the_signs_of_what_project_gives(fit, n_bits, faces, rng):
    hasher = fit(faces.x, faces.labels, n_bits, rng)
    values, bits = hasher.project(faces.new_x), hasher.bits(faces.new_x)
    assert hasher.n_bits == n_bits
    assert values.shape == bits.shape == (30, n_bits)
    assert values.dtype == np.float32
    np.testing.assert_array_equal(bits, values > 0)
    assert hasher.bits(faces.new_x[:0]).shape == (0, n_bits)


@every
def test_the_same_seed_gives_the_same_codes_and_every_bit_separates_something(fit, faces):
    one, two = (fit(faces.x, faces.labels, 8, np.random.default_rng(5)).bits(faces.x) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert ((one.mean(axis=0) > 0) & (one.mean(axis=0) < 1)).all()


@every
def test_vectors_of_one_identity_get_nearer_codes_than_others(fit, faces, rng):
    bits = fit(faces.x, faces.labels, 16, rng).bits(faces.new_x)
    differing = (bits[:, None] != bits[None]).mean(axis=2)
    same = faces.new_labels[:, None] == faces.new_labels
    assert differing[same].mean() < differing[~same].mean() - 0.05


@every
def test_large_numbers_of_vectors_are_hashed_block_by_block_with_the_same_result(fit, faces, rng):
    hasher = fit(faces.x, faces.labels, 6, rng)
    many = np.tile(faces.new_x, (200, 1))  # 6,000 rows, more than one block
    np.testing.assert_array_equal(hasher.bits(many), np.tile(hasher.bits(faces.new_x), (200, 1)))


@every
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: x[:1], "x is empty or too short: 1 rows"),
        (lambda x: np.where(np.arange(len(x))[:, None] == 3, np.nan, x), "x, row 3: NaN"),
        (lambda x: x[0], "expected real vectors"),
    ],
)
def test_bad_training_vectors_are_refused(fit, change, message, faces, rng):
    x = change(faces.x)
    with pytest.raises(UserError, match=message):
        fit(x, faces.labels[: len(x)], 4, rng)


@every
@pytest.mark.parametrize("n_bits", [0, -1, 2.5])
def test_bits_start_at_one(fit, n_bits, faces, rng):
    with pytest.raises(UserError, match="n_bits="):
        fit(faces.x, faces.labels, n_bits, rng)


@every
def test_vectors_of_another_length_or_with_nan_are_refused(fit, faces, rng):
    hasher = fit(faces.x, faces.labels, 4, rng)
    with pytest.raises(UserError, match="x has 19 dimensions, the training vectors 20"):
        hasher.project(faces.new_x[:, :19])
    with pytest.raises(UserError, match="row 0: NaN"):
        hasher.bits(np.full((2, 20), np.nan))


@pytest.mark.parametrize("name", ["SH", "ITQ", "BRE", "KSH"])
def test_equal_vectors_are_refused_by_methods_that_need_a_spread(name, faces, rng):
    with pytest.raises(UserError, match="all 240 vectors are equal"):
        METHODS[name](np.full((240, 5), 0.1, np.float32), faces.labels, 2, rng)


def test_equal_vectors_get_equal_codes_from_random_directions(faces, rng):
    bits = METHODS["LSH"](np.full((240, 5), 0.1, np.float32), faces.labels, 4, rng).bits(np.full((3, 5), 0.1))
    assert (bits == bits[0]).all()


@pytest.mark.parametrize("name", ["SITQ", "KSH"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda labels: None, "labels is None; give one identity"),
        (lambda labels: labels[1:], "labels has 239 rows"),
        (lambda labels: labels * 0, "labels hold 1 identity"),
        (lambda labels: labels + 0.5, "expected one class"),
    ],
)
def test_labels_must_tell_identities_apart(name, change, message, faces, rng):
    with pytest.raises(UserError, match=message):
        METHODS[name](faces.x, change(faces.labels), 4, rng)


@pytest.mark.parametrize("name", ["SITQ", "KSH"])
def test_names_of_people_serve_as_labels(name, faces):
    names = np.array(["ann", "bob", "cid", "dan", "eve", "fay"])[faces.labels]
    by_name, by_number = (
        METHODS[name](faces.x, labels, 5, np.random.default_rng(0)).bits(faces.x) for labels in (names, faces.labels)
    )
    np.testing.assert_array_equal(by_name, by_number)


@pytest.mark.parametrize("name", ["LSH", "SH", "SITQ", "BRE", "KSH"])
def test_more_bits_than_vectors_or_dimensions(name, rng):
    x = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    bits = METHODS[name](x, np.array([0, 0, 1, 1, 2, 2]), 20, rng).bits(x)
    assert bits.shape == (6, 20)
