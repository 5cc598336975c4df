"""MAC, SPoC and R-MAC against readings written out in numpy, one image and one region at a time."""

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.features import pooling, regions, unit_vectors, whitening


@pytest.fixture
def maps() -> torch.Tensor:
    return torch.randn(3, 6, 9, 12, generator=torch.Generator().manual_seed(1)).clamp(min=0)


@pytest.fixture(scope="module")
def learned() -> whitening.Whitening:
    x = np.random.default_rng(2).normal(size=(200, 6)) @ np.random.default_rng(3).normal(size=(6, 6)) + 1
    return whitening.learn(unit_vectors.l2(x), "noise")


def unit(v: np.ndarray) -> np.ndarray:
    norm = np.sqrt((v * v).sum())
    return v / norm if norm > 0 else v


def by_hand(image: np.ndarray, learned: whitening.Whitening | None, *, add_mac: bool = False) -> np.ndarray:
    """Tolias' order of operations on one map (d, h, w), in float64."""
    found = [image[:, y0:y1, x0:x1].max((1, 2)) for y0, x0, y1, x1 in regions.rmac_grid(*image.shape[1:])]
    total = np.zeros(len(image))
    for v in [*found, image.max((1, 2))] if add_mac else found:
        v = unit(v)
        if learned is not None:
            v = unit(np.diag(learned.eigenvalues**-0.5) @ learned.eigenvectors @ (v - learned.mean))
        total += v
    return unit(total)


@pytest.mark.parametrize("white", [False, True])
@pytest.mark.parametrize("rule", ["tolias", "cirtorch"])
def test_rmac_is_maximum_l2_whitening_l2_sum_l2(maps, learned, white, rule):
    chosen = learned if white else None
    got = pooling.rmac(maps, chosen, rule=rule)
    assert (got.dtype, got.shape) == (torch.float32, (3, 6))
    wanted = [by_hand(image, chosen, add_mac=rule == "cirtorch") for image in maps.double().numpy()]
    np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_on_a_square_map_cirtorch_counts_the_whole_map_twice():
    maps = torch.rand(1, 4, 6, 6, generator=torch.Generator().manual_seed(0))
    whole = pooling.mac(maps)
    tolias = unit_vectors.l2(regions.region_maxima(maps, regions.rmac_grid(6, 6))).sum(1)
    torch.testing.assert_close(pooling.rmac(maps, rule="cirtorch"), unit_vectors.l2(tolias + whole))
    assert not torch.allclose(pooling.rmac(maps, rule="cirtorch"), pooling.rmac(maps))


def test_a_region_without_response_adds_nothing_before_whitening_and_minus_the_mean_after(learned):
    vectors = np.zeros((2, 6), np.float32)
    vectors[0, 2] = 1
    np.testing.assert_array_equal(pooling.sum_regions(vectors, np.array([0, 2])), vectors[:1])
    projected = np.diag(learned.eigenvalues**-0.5) @ learned.eigenvectors
    wanted = unit(unit(projected @ (vectors[0] - learned.mean)) + unit(projected @ -learned.mean))
    np.testing.assert_allclose(pooling.sum_regions(vectors, np.array([0, 2]), learned)[0], wanted, atol=1e-5)


def test_an_image_without_any_response_is_a_zero_vector_not_nan():
    maps = torch.zeros(1, 3, 4, 5)
    for pool in (pooling.mac, pooling.spoc, pooling.crow, pooling.rmac):
        assert pool(maps).tolist() == [[0, 0, 0]]


def test_mac_and_spoc_are_maximum_and_sum_of_unit_norm(maps):
    arrays = maps.double().numpy()
    np.testing.assert_allclose(pooling.mac(maps), [unit(a.max((1, 2))) for a in arrays], atol=1e-6)
    np.testing.assert_allclose(pooling.spoc(maps), [unit(a.sum((1, 2))) for a in arrays], atol=1e-6)


def test_crow_weights_places_by_their_response_and_filters_by_how_rarely_they_respond():
    # two filters on two places: [4, 0] and [0, 3]; sums of the places are 4 and 3 of norm 5, their weights the roots of
    # .8 and .6; both filters respond at half of the places, so log(1 / .5) = log 2 weighs both alike
    maps = torch.tensor([[[[4.0, 0.0]], [[0.0, 3.0]]]])
    np.testing.assert_allclose(pooling.crow(maps), [unit(np.array([4 * 0.8**0.5, 3 * 0.6**0.5]))], atol=1e-6)
    # filter 0 responds at both places and filter 1 at one: shares 1 and 1/2, weights log 1.5 and log 3
    maps = torch.tensor([[[[3.0, 3.0]], [[1.0, 0.0]]]])
    first, second = (4 / 5) ** 0.5, (3 / 5) ** 0.5
    wanted = np.array([(3 * first + 3 * second) * np.log(1.5), first * np.log(3)])
    np.testing.assert_allclose(pooling.crow(maps), [unit(wanted)], atol=1e-6)


def test_spoc_of_16_bit_maps_is_summed_in_32_bits():
    maps = torch.ones(1, 1, 40, 40, dtype=torch.bfloat16)
    maps = torch.cat([maps, 2 * maps], 1)
    np.testing.assert_allclose(pooling.spoc(maps), [[1 / 5**0.5, 2 / 5**0.5]], atol=1e-6)


def test_l2_keeps_type_and_zero_vectors():
    x = np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)
    for given in (x, torch.from_numpy(x)):
        got = unit_vectors.l2(given)
        assert type(got) is type(given)
        assert got.dtype == given.dtype
        np.testing.assert_allclose(got, [[0.6, 0.8], [0, 0]], atol=1e-7)


@pytest.mark.parametrize(
    ("dtype", "sizes"),
    [(torch.float16, (1e-6, 1e4)), *((of, (1e-40, 1e-11, 1e30)) for of in (torch.bfloat16, torch.float32))],
    ids=str,
)
def test_a_tensor_of_any_size_gets_length_1_and_zero_stays_zero(dtype, sizes):
    x = torch.tensor([[3.0 * size, 4.0 * size] for size in (1.0, *sizes, 0.0)]).to(dtype).repeat(1, 99)
    lengths = unit_vectors.l2(x).double().norm(dim=1)
    np.testing.assert_allclose(lengths, [1, *(1 for _ in sizes), 0], atol=0.01)
    assert unit_vectors.l2(x).dtype == dtype


def test_l2_of_a_tensor_has_torchs_bits_beside_rows_of_zeros_and_huge_ones():
    x = torch.randn(50, 9, generator=torch.Generator().manual_seed(0))
    found = unit_vectors.l2(torch.cat([x, torch.zeros(1, 9), torch.full((1, 9), 1e30)]))
    assert torch.equal(found[:50], torch.nn.functional.normalize(x, dim=-1))
    assert [tuple(unit_vectors.l2(torch.zeros(shape)).shape) for shape in [(0, 9), (3, 0)]] == [(0, 9), (3, 0)]


@pytest.mark.parametrize("white", [False, True])
def test_kept_regions_give_the_rmac_of_the_maps_in_blocks_of_any_size(learned, white, monkeypatch):
    chosen = learned if white else None
    generator = torch.Generator().manual_seed(4)
    images = [torch.rand(1, 6, h, w, generator=generator) for h, w in [(9, 12), (12, 9), (5, 5), (2, 9), (9, 12)]]
    kept = [unit_vectors.l2(regions.region_maxima(m, regions.rmac_grid(*m.shape[2:])))[0].numpy() for m in images]
    offsets = np.cumsum([0, *map(len, kept)])
    wanted = np.concatenate([pooling.rmac(m, chosen).numpy() for m in images])
    for rows in (1, 15, 40, 1 << 15):
        monkeypatch.setattr(pooling, "_ROWS", rows)
        got = pooling.sum_regions(np.concatenate(kept), offsets, chosen)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, wanted, atol=1e-6)


def test_a_matrix_is_no_whitening(maps):
    for pool in (lambda: pooling.rmac(maps, np.eye(6)), lambda: pooling.sum_regions(np.eye(6), [0, 6], np.eye(6))):
        with pytest.raises(UserError, match="whitening is ndarray"):
            pool()


def test_the_vector_more_is_whitened_and_added(maps, learned):
    kept = unit_vectors.l2(regions.region_maxima(maps, regions.rmac_grid(9, 12))).numpy()
    offsets = np.arange(4) * kept.shape[1]
    got = pooling.sum_regions(kept.reshape(-1, 6), offsets, learned, more=pooling.mac(maps).numpy())
    np.testing.assert_allclose(got, pooling.rmac(maps, learned, rule="cirtorch"), atol=1e-6)


def test_images_without_regions_get_zero_vectors_and_do_not_disturb_their_neighbours():
    x = np.eye(3, dtype=np.float32)
    got = pooling.sum_regions(x, np.array([0, 0, 2, 2, 3, 3]))
    np.testing.assert_allclose(got, [[0, 0, 0], [0.5**0.5, 0.5**0.5, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0]], atol=1e-6)
    assert pooling.sum_regions(x[:0], np.array([0])).shape == (0, 3)


@pytest.mark.parametrize("offsets", [[0, 2], [1, 3], [0, 2, 1, 3], []])
def test_offsets_that_do_not_fit_are_refused(offsets):
    with pytest.raises(UserError, match="3 region vectors"):
        pooling.sum_regions(np.eye(3, dtype=np.float32), np.array(offsets))


def test_an_unknown_rule_is_refused(maps):
    with pytest.raises(UserError, match="'gordo': expected one of tolias, cirtorch"):
        pooling.rmac(maps, rule="gordo")
