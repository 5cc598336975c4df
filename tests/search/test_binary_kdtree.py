"""The tree against a second, readable reading of the thesis and of the authors' code, in dictionaries and lists."""

from collections import deque

import numpy as np
import pytest

from vretlib import parallel
from vretlib.errors import UserError
from vretlib.search import hamming
from vretlib.search.binary_kdtree import BinaryKdTree


def build_reference(bits, ids, leaf_size, authors=False):
    """The thesis' Algorithm 1, or the authors' code: a full leaf is one, and doubles say how even a split is."""
    ones = bits[ids].sum(axis=0)
    if len(ids) < leaf_size + authors or all(n in (0, len(ids)) for n in ones):
        return {"leaf": ids}
    gaps = np.abs(0.5 - ones / len(ids)).tolist() if authors else [abs(len(ids) - 2 * int(n)) for n in ones]
    dim = gaps.index(min(gaps))
    has_it = bits[ids, dim] == 1
    left, right = (build_reference(bits, ids[side], leaf_size, authors) for side in (has_it, ~has_it))
    return {"dim": dim, 1: left, 0: right}


def search_as_algorithm_2(tree, query, backtracks):
    """A first-in first-out queue of branches not taken, B descents."""
    queue, candidates = deque([tree]), []
    while backtracks > 0 and queue:
        node = queue.popleft()
        while "leaf" not in node:
            queue.append(node[1 - query[node["dim"]]])
            node = node[query[node["dim"]]]
        candidates.extend(node["leaf"])
        backtracks -= 1
    return candidates


def search_as_the_authors(tree, query, backtracks):
    """B slots, one fewer after every pop; a branch that is a leaf gets none, nor one that finds them full."""
    slots, queue, candidates = backtracks, [tree], []
    while queue:
        node = queue.pop(0)
        slots -= 1
        while "leaf" not in node:
            sibling = node[1 - query[node["dim"]]]
            node = node[query[node["dim"]]]
            if "leaf" not in sibling and len(queue) < slots:
                queue.append(sibling)
        candidates.extend(node["leaf"])
    return candidates


SEARCHES = {"sibling": search_as_algorithm_2, "authors": search_as_the_authors}


def data(kind, n, rng):
    """Database and queries as bits: nothing alike, or a few things many times."""
    if kind == "uniform":
        return rng.integers(0, 2, (n, 64)), rng.integers(0, 2, (25, 64))
    centres = rng.integers(0, 2, (n // 20, 64))
    members = np.repeat(centres, 20, axis=0) ^ (rng.random((n // 20 * 20, 64)) < 0.03)
    return members, centres[:25] ^ (rng.random((25, 64)) < 0.05)


@pytest.mark.parametrize("rule", ["sibling", "authors"])
@pytest.mark.parametrize("kind", ["uniform", "clustered"])
@pytest.mark.parametrize("leaf_size", [2, 13])
def test_search_equals_the_readable_reading(kind, leaf_size, rule):
    rng = np.random.default_rng(leaf_size)
    bits, queries = data(kind, 700, rng)
    tree = BinaryKdTree.build(np.packbits(bits, axis=1), leaf_size, "authors" if rule == "authors" else "thesis")
    reference = build_reference(bits, np.arange(len(bits)), leaf_size, rule == "authors")
    for backtracks in (1, 2, 3, 5, 10, 50):
        found = tree.nearest(np.packbits(queries, axis=1), backtracks, rule)
        for i, query in enumerate(queries):
            candidates = np.array(sorted(SEARCHES[rule](reference, query, backtracks)))
            distances = (bits[candidates] != query).sum(axis=1)
            assert found.distances[i] == distances.min()
            np.testing.assert_array_equal(found[i], candidates[distances == distances.min()])


@pytest.mark.parametrize("rule", ["thesis", "authors"])
def test_nodes_equal_the_readable_reading(rule):
    rng = np.random.default_rng(5)
    bits, _ = data("clustered", 600, rng)
    tree = BinaryKdTree.build(np.packbits(bits, axis=1), 10, rule)
    level, node = [build_reference(bits, np.arange(len(bits)), 10, rule == "authors")], 0
    while level:
        for reference in level:
            ids = tree.ids[tree.starts[node] : tree.stops[node]]
            if "leaf" in reference:
                assert tree.bits[node] == -1
                np.testing.assert_array_equal(ids, reference["leaf"])
            else:
                assert tree.bits[node] == reference["dim"]
            node += 1
        level = [child for reference in level if "leaf" not in reference for child in (reference[1], reference[0])]
    assert node == len(tree.bits)


def test_a_tree_worked_by_hand():
    """0b11, 0b10, 0b01, 0b00 in the first two bits: bit 0 and bit 1 split evenly, the first is asked first."""
    xb = np.array([[0b11000000], [0b10000000], [0b01000000], [0b00000000]], np.uint8)
    tree = BinaryKdTree.build(xb, leaf_size=2)
    assert tree.bits.tolist() == [0, 1, 1, -1, -1, -1, -1]
    assert tree.ids.tolist() == [0, 1, 2, 3]
    query = np.array([[0b01000001]], np.uint8)
    assert tree.nearest(query, 1)[0].tolist() == [2]
    assert tree.depths().tolist() == [2, 2, 2, 2]
    assert tree.leaf_sizes().tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("kind", ["uniform", "clustered"])
def test_as_many_descents_as_leaves_are_exact(kind):
    rng = np.random.default_rng(11)
    bits, queries = data(kind, 2000, rng)
    xb, xq = np.packbits(bits, axis=1), np.packbits(queries, axis=1)
    tree = BinaryKdTree.build(xb, 20)
    found, exact = tree.nearest(xq, len(tree.leaf_sizes())), hamming.nearest(xq, xb)
    np.testing.assert_array_equal(found.distances, exact.distances)
    np.testing.assert_array_equal(found.offsets, exact.offsets)
    np.testing.assert_array_equal(found.ids, exact.ids)


def test_a_leaf_beside_the_way_is_never_seen_by_the_authors_rule():
    xb = np.array([[0b11110000], [0b00000000]], np.uint8)
    tree, query = BinaryKdTree.build(xb, leaf_size=1), np.array([[0b10000000]], np.uint8)
    assert tree.nearest(query, 100, "sibling")[0].tolist() == [1]
    assert tree.nearest(query, 100, "authors")[0].tolist() == [0]


def test_equal_codes_stay_in_one_leaf_and_are_all_found():
    xb = np.repeat(np.array([[7] * 32, [9] * 32], np.uint8), 300, axis=0)
    tree = BinaryKdTree.build(xb)
    assert tree.leaf_sizes().tolist() == [300, 300]
    assert tree.nearest(xb[:1])[0].tolist() == list(range(300))


def test_exactly_leaf_size_codes_are_split():
    xb = np.random.default_rng(0).integers(0, 256, (100, 32), dtype=np.uint8)
    assert len(BinaryKdTree.build(xb, 100).bits) > 1
    assert len(BinaryKdTree.build(xb[:99], 100).bits) == 1


def test_by_the_authors_rule_exactly_leaf_size_codes_are_a_leaf():
    xb = np.random.default_rng(0).integers(0, 256, (101, 32), dtype=np.uint8)
    assert len(BinaryKdTree.build(xb[:100], 100, "authors").bits) == 1
    assert len(BinaryKdTree.build(xb, 100, "authors").bits) > 1


def test_by_the_authors_rule_rounding_decides_between_a_third_and_two_thirds():
    """Of three codes one has bit 0 and two have bit 1. In doubles .5 - 1/3 = .16666666666666669 and
    2/3 - .5 = .16666666666666663: the later bit seems the more even.
    """
    xb = np.array([[0b10000000], [0b01000000], [0b01000000]], np.uint8)
    assert BinaryKdTree.build(xb, 2).bits[0] == 0
    assert BinaryKdTree.build(xb, 2, "authors").bits[0] == 1
    assert BinaryKdTree.build(xb, 2, "authors").ids.tolist() == [1, 2, 0]


def test_counts_beyond_one_byte_are_right():
    """A bit that 1,000 codes have and 1,001 have not is the most even, beside one that 744 = 1,000 - 256 have."""
    bits = np.zeros((2001, 8), np.uint8)
    bits[:744, 2] = bits[:1000, 5] = 1
    assert BinaryKdTree.build(np.packbits(bits, axis=1), 1500).bits.tolist() == [5, -1, -1]


def test_one_and_many_threads_build_and_find_the_same(monkeypatch):
    rng = np.random.default_rng(4)
    xb = rng.integers(0, 256, (50_000, 32), dtype=np.uint8)
    xq = xb[:200] ^ (rng.integers(0, 256, (200, 32), dtype=np.uint8) & 17)
    trees = []
    for n in (1, 3):
        monkeypatch.setattr(parallel, "n_threads", lambda n=n: n)
        tree = BinaryKdTree.build(xb)
        trees.append((tree.bits, tree.left, tree.ids, tree.blocks, tree.nearest(xq, 20).ids))
    for one, many in zip(*trees, strict=True):
        np.testing.assert_array_equal(one, many)


def test_memory_is_little_more_than_the_codes():
    xb = np.random.default_rng(0).integers(0, 256, (50_000, 32), dtype=np.uint8)
    tree = BinaryKdTree.build(xb)
    assert xb.nbytes < tree.nbytes < 1.25 * xb.nbytes


def test_bad_input_says_what_was_expected():
    tree = BinaryKdTree.build(np.zeros((3, 32), np.uint8))
    query = np.zeros((1, 32), np.uint8)
    for call, says in [
        (lambda: tree.nearest(query, 0), "backtracks=0"),
        (lambda: tree.nearest(query, 5, "first"), "rule='first'"),
        (lambda: tree.nearest(query[:, :16]), "16 bytes per code, the database 32"),
        (lambda: BinaryKdTree.build(query, 0), "leaf_size=0"),
        (lambda: BinaryKdTree.build(query, 5, "sibling"), "rule='sibling'"),
        (lambda: tree.nearest(query, 2.5), "backtracks=2.5"),
        (lambda: BinaryKdTree.build(query[:0]), "empty"),
    ]:
        with pytest.raises(UserError, match=says):
            call()
    assert len(tree.nearest(query[:0])) == 0


@pytest.mark.parametrize("backtracks", [(10, 1, 10, 3), (2, 10_000)])
def test_several_numbers_of_descents_in_one_search_find_what_each_finds_alone(backtracks):
    rng = np.random.default_rng(8)
    xb = rng.integers(0, 256, (3000, 4), dtype=np.uint8)
    xq = rng.integers(0, 256, (60, 4), dtype=np.uint8)
    tree = BinaryKdTree.build(xb, 20)
    for b, found in zip(backtracks, tree.nearest_at(xq, backtracks), strict=True):
        alone = tree.nearest(xq, b)
        for part in ("distances", "offsets", "ids"):
            np.testing.assert_array_equal(getattr(found, part), getattr(alone, part))
