"""A kd-tree of binary codes in pictures: how balanced it is, and the path of one query through it."""

from __future__ import annotations

from collections import deque

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from vretlib.plots.diagrams import Arrow, Node, NodeKind, diagram
from vretlib.report.figures import PAGE
from vretlib.search.binary_kdtree import BinaryKdTree

_KINDS: dict[NodeKind, str] = {
    "result": "first descent", "learned": "second descent", "step": "not visited",
}  # fmt: skip


def balance(index: BinaryKdTree) -> Figure:
    """How the codes are spread over the depths of a tree, and how many lie in a leaf."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 3.0), layout="constrained")
    depths, sizes = index.depths(), index.leaf_sizes()
    left.hist(depths, bins=np.arange(depths.min(), depths.max() + 2) - 0.5, weights=sizes / sizes.sum())
    left.axvline(np.log2(len(sizes)), color="C1", linewidth=1, label="all leaves equally deep")
    left.set(xlabel="depth of the leaf (splits)", ylabel="share of the codes", title=f"{len(sizes)} leaves")
    if depths.min() == depths.max():
        left.set_xlim(depths.min() - 2, depths.max() + 2)  # room for whole numbers on the axis
    width = -(-(sizes.max() - sizes.min() + 1) // 30)  # codes in a bar, a whole number
    right.hist(sizes, bins=np.arange(sizes.min(), sizes.max() + width + 1, width) - 0.5)
    right.set(xlabel="codes in the leaf", ylabel="leaves", title=f"largest leaf: {sizes.max()} codes")
    if sizes.min() == sizes.max():
        right.set_xlim(sizes.min() - 2, sizes.max() + 2)
    for axis in (left.xaxis, right.xaxis, right.yaxis):
        axis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    fig.legend(loc="outside lower center", fontsize="small")  # the line crosses the whole height of the axes
    return fig


def search_path(codes: NDArray[np.uint8], query: NDArray[np.uint8], depth: int = 3) -> Figure:
    """A small tree over some codes (n, bytes), and the first two descents of a query (bytes,) through it.

    The tree has about 2 to the power of ``depth`` leaves. Each leaf says how near its nearest code is to the query.
    """
    index = BinaryKdTree.build(codes, leaf_size=max(2, len(codes) // 2**depth + 2))
    first, second = _descents(index, np.unpackbits(query))
    boxes: dict[str, Node] = {}
    arrows: list[Arrow] = []
    n_leaves = 0

    def place(node: int, level: int) -> float:
        """The place of a node from left to right; its box and those of all nodes below it are added."""
        nonlocal n_leaves
        kind: NodeKind = "result" if node in first else "learned" if node in second else "step"
        if index.bits[node] < 0:
            ids = index.ids[index.starts[node] : index.stops[node]]
            nearest = np.unpackbits(codes[ids] ^ query, axis=1).sum(axis=1).min()
            words, x = f"{len(ids)} codes\nnearest:\n{nearest} bits", 1.45 * n_leaves
            n_leaves += 1
        else:
            children = [place(int(index.left[node]) + side, level + 1) for side in (0, 1)]
            words, x = f"bit {index.bits[node]}?", sum(children) / 2
            arrows.extend(
                Arrow(str(node), str(int(index.left[node]) + side), bit) for side, bit in enumerate(("1", "0"))
            )
        boxes[str(node)] = Node(x, -1.5 * level, words, 1.25, 1.1 if index.bits[node] < 0 else 0.6, kind)
        return x

    place(0, 0)
    return diagram(boxes, arrows, kinds=_KINDS)


def _descents(index: BinaryKdTree, bits: NDArray[np.uint8]) -> tuple[set[int], set[int]]:
    """The nodes on the paths of the first and the second descent of Algorithm 2."""
    queue, ways = deque([0]), list[set[int]]()
    while queue and len(ways) < 2:
        node = queue.popleft()
        way = {node}
        while index.bits[node] >= 0:
            child = int(index.left[node])
            node, sibling = (child, child + 1) if bits[index.bits[node]] else (child + 1, child)
            queue.append(sibling)
            way.add(node)
        ways.append(way)
    return ways[0], ways[1] if len(ways) > 1 else set()
