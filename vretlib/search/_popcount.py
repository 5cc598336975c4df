"""Numbers of differing bits for blocks of codes: the inner loop of every search in binary codes.

A block holds ``n`` codes of ``w`` 64-bit words *word by word*: first word 0 of every code, then word 1 of every
code, and so on. In that order one instruction handles the same word of eight codes, where the processor has it
(VPOPCNTDQ). Numba turns a loop into such instructions only when its slices start at zero; therefore slices get names
before each loop.

Numba's cache of compiled code looks only at the file of the function called: after an edit here, delete
``__pycache__``.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit

MORE_THAN_ANY_DISTANCE = 1 << 30


def codes_to_words(codes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """(n, bytes) codes, checked, as (n, w) uint64 words, without a copy where the bytes fill whole words."""
    missing = -codes.shape[1] % 8
    if missing:
        codes = np.pad(codes, ((0, 0), (0, missing)))
    return np.require(np.ascontiguousarray(codes).view(np.uint64), requirements="A")


def query_words(xq: ArrayLike, n_bytes: int) -> NDArray[np.uint64]:
    """Queries, possibly none, as words, checked against the length of the database's codes."""
    return codes_to_words(arrays.codes(xq, "xq", n_bytes=n_bytes))


def database_words(xb: ArrayLike, name: str = "xb", longest: int | None = None) -> tuple[NDArray[np.uint64], int]:
    """A database, which must not be empty, as words, and the bytes of a code, ``longest`` at most.

    Raises
    ------
    UserError: the database is empty, or not uint8 (n, bytes), or its codes are too long.
    """
    codes = arrays.codes(xb, name)
    if longest is not None and codes.shape[1] > longest:
        raise UserError(f"{name} has codes of {codes.shape[1]} bytes; expected {longest} at most")
    if len(codes) == 0:
        raise UserError(f"{name}: the database is empty; nothing can be nearest")
    return codes_to_words(codes), codes.shape[1]


@intrinsic
def popcount(_typing: Any, _word: Any) -> Any:
    """Number of ones in a 64-bit word, in one instruction, for which numba has no function."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def use_wide_vectors(_typing: Any) -> Any:
    """Let the calling function use 512-bit registers, which LLVM avoids on most Intel processors.

    That makes it 1.4 times as fast here. The results are the same, and a processor without such registers ignores it.
    ``set.add`` bypasses llvmlite's list of attributes, which contains only those without a value.
    """

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), generate


@njit(cache=True, nogil=True)
def to_block(words, block):  # type: ignore[no-untyped-def]
    """Write (n, w) words to ``block`` word by word."""
    n, w = words.shape
    for j in range(w):
        column = block[j * n : j * n + n]
        for i in range(n):
            column[i] = words[i, j]


@njit(cache=True, nogil=True)
def block_distances(block, n, query, distances):  # type: ignore[no-untyped-def]
    """The smallest Hamming distance of a query to the ``n`` codes of a block; all go to ``distances[:n]`` (uint64)."""
    use_wide_vectors()
    out = distances[:n]
    smallest = np.uint64(MORE_THAN_ANY_DISTANCE)
    if query.size == 4:
        a, b, c, d = block[:n], block[n : 2 * n], block[2 * n : 3 * n], block[3 * n : 4 * n]
        q0, q1, q2, q3 = query[0], query[1], query[2], query[3]
        for i in range(n):
            bits = popcount(a[i] ^ q0) + popcount(b[i] ^ q1) + popcount(c[i] ^ q2) + popcount(d[i] ^ q3)
            out[i] = bits
            smallest = min(smallest, bits)
        return smallest
    for j in range(query.size):
        column, word = block[j * n : j * n + n], query[j]
        for i in range(n):
            out[i] = (out[i] if j else 0) + popcount(column[i] ^ word)
    for i in range(n):
        smallest = min(smallest, out[i])
    return smallest


@njit(cache=True, nogil=True)
def smallest_distances(block, n, queries, which, smallest):  # type: ignore[no-untyped-def]
    """Write the smallest distance of each query in ``which`` to the ``n`` codes of a block to ``smallest[query]``.

    Queries are taken two at a time, so that each code is loaded once for both.
    """
    use_wide_vectors()
    if queries.shape[1] != 4:
        scratch = np.empty(n, np.uint64)
        for query in which:
            smallest[query] = block_distances(block, n, queries[query], scratch)
        return
    a, b, c, d = block[:n], block[n : 2 * n], block[2 * n : 3 * n], block[3 * n : 4 * n]
    for pair in range(0, which.size, 2):
        query, other = which[pair], which[min(pair + 1, which.size - 1)]
        q0, q1, q2, q3 = queries[query, 0], queries[query, 1], queries[query, 2], queries[query, 3]
        r0, r1, r2, r3 = queries[other, 0], queries[other, 1], queries[other, 2], queries[other, 3]
        smallest_query = smallest_other = np.uint64(MORE_THAN_ANY_DISTANCE)
        for i in range(n):
            at_query = popcount(a[i] ^ q0) + popcount(b[i] ^ q1) + popcount(c[i] ^ q2) + popcount(d[i] ^ q3)
            at_other = popcount(a[i] ^ r0) + popcount(b[i] ^ r1) + popcount(c[i] ^ r2) + popcount(d[i] ^ r3)
            smallest_query = min(smallest_query, at_query)
            smallest_other = min(smallest_other, at_other)
        smallest[query], smallest[other] = smallest_query, smallest_other


@njit(cache=True, nogil=True)
def smallest_half_distances(block, n, queries, which, smallest):  # type: ignore[no-untyped-def]
    """The same as `smallest_distances` over the first two of four words: a lower bound of the whole distance."""
    use_wide_vectors()
    a, b = block[:n], block[n : 2 * n]
    for pair in range(0, which.size, 2):
        query, other = which[pair], which[min(pair + 1, which.size - 1)]
        q0, q1, r0, r1 = queries[query, 0], queries[query, 1], queries[other, 0], queries[other, 1]
        smallest_query = smallest_other = np.uint64(MORE_THAN_ANY_DISTANCE)
        for i in range(n):
            smallest_query = min(smallest_query, popcount(a[i] ^ q0) + popcount(b[i] ^ q1))
            smallest_other = min(smallest_other, popcount(a[i] ^ r0) + popcount(b[i] ^ r1))
        smallest[query], smallest[other] = smallest_query, smallest_other


@njit(cache=True, nogil=True)
def nearest_in_block(block, n, query):  # type: ignore[no-untyped-def]
    """The position of the code nearest to the query, the first of equals.

    Distance and position are one number, so that one minimum finds both.
    """
    use_wide_vectors()
    smallest = np.uint64(MORE_THAN_ANY_DISTANCE << 32)
    if query.size == 4:
        a, b, c, d = block[:n], block[n : 2 * n], block[2 * n : 3 * n], block[3 * n : 4 * n]
        q0, q1, q2, q3 = query[0], query[1], query[2], query[3]
        for i in range(n):
            bits = popcount(a[i] ^ q0) + popcount(b[i] ^ q1) + popcount(c[i] ^ q2) + popcount(d[i] ^ q3)
            smallest = min(smallest, bits << np.uint64(32) | np.uint64(i))
    else:
        for i in range(n):
            bits = np.uint64(0)
            for j in range(query.size):
                bits += popcount(block[j * n + i] ^ query[j])
            smallest = min(smallest, bits << np.uint64(32) | np.uint64(i))
    return smallest & np.uint64(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def count_ones(words, start, stop, ones):  # type: ignore[no-untyped-def]
    """Write the number of codes from ``start`` to ``stop`` with each bit to ``ones``, in ``np.unpackbits``' order."""
    width = words.shape[1]
    ones[:] = 0
    every_eighth = np.uint64(0x0101010101010101)
    tallies = np.zeros((8, width), np.uint64)  # eight counters of one byte in each word
    while start < stop:
        pause = min(start + 255, stop)  # before a byte overflows
        for i in range(start, pause):
            for shift in range(8):
                for j in range(width):
                    tallies[shift, j] += (words[i, j] >> np.uint64(shift)) & every_eighth
        for shift in range(8):
            for j in range(width):
                for byte in range(8):
                    ones[64 * j + 8 * byte + 7 - shift] += (tallies[shift, j] >> np.uint64(8 * byte)) & np.uint64(255)
        tallies[:] = 0
        start = pause
