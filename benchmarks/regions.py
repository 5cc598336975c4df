"""Re-ranking by regions, describing an image with its regions, Fisher vectors of many frames, and an inverted index.

"A loop over images" is how the authors' code re-ranks: it takes one image after the other and asks scikit-learn for the
cosine distances of its regions. The same loop with products in numpy is the best that such a loop can do.

The inverted index is asked one query after the other, as a user asks. Twenty queries at once are twice as fast as one
product of a sparse matrix where the vocabulary has only 1,000 words.
"""

import time
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from skimage.feature import fisher_vector as skimage_fisher_vector
from sklearn.metrics.pairwise import pairwise_distances
from sklearn.mixture import GaussianMixture

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from vretlib import memory
from vretlib.features import region_bins
from vretlib.features.detector import MIN_SIDE
from vretlib.features.detector_network import Detector, Extent
from vretlib.features.detector_parts import DetectorShape
from vretlib.features.fisher import FisherEncoder
from vretlib.features.region_streams import Block, draw, fisher_vectors, in_blocks
from vretlib.search.inverted_index import InvertedIndex
from vretlib.search.regions import Reranked, rerank

OURS, MIB = "vretlib", 1 << 20
N_TOP, N_REGIONS = 100, 300
F32 = NDArray[np.float32]
RowSettings = dict[str, float | int | str]


def run(options: Options) -> list[Row]:
    """Times and memory of each part, and its agreement with the methods that it is compared with."""
    torch.set_num_threads(options.threads)
    return _reranking(options) + _describing(options) + _fisher(options) + _inverted_index(options)


def _reranking(options: Options) -> list[Row]:
    n, d, n_queries = (120, 64, 2) if options.quick else (300, 512, 5)  # conv5_3 of VGG16
    rng = np.random.default_rng(options.seed)
    regions = _unit(rng.standard_normal((n, N_REGIONS, d), np.float32).clip(0))
    xq = _unit(regions[:n_queries, 0] + 0.05 * rng.random((n_queries, d), np.float32))
    ranking, counts = np.stack([rng.permutation(n) for _ in range(n_queries)]), np.full(n, N_REGIONS)
    half = regions.astype(np.float16)

    def by_scikit_learn(query: F32, image: NDArray) -> NDArray:
        return 1 - pairwise_distances(query[None], image, metric="cosine")[0]

    def by_numpy(query: F32, image: NDArray) -> NDArray:
        x = image.astype(np.float32)
        return cast(NDArray, x @ query / np.sqrt(np.vecdot(x, x)))

    def loop(cosines: Callable[[F32, NDArray], NDArray]) -> Callable[[], NDArray]:
        return lambda: np.array([
            cosines(query, half[image]).max()
            for query, ids in zip(xq, ranking, strict=True) for image in ids[:N_TOP]
        ])  # fmt: skip

    works: dict[str, Callable[[], object]] = {
        f"{OURS}: float16": lambda: rerank(xq, half, counts, ranking, N_TOP),
        f"{OURS}: float32": lambda: rerank(xq, regions, counts, ranking, N_TOP),
        "a loop over images, scikit-learn": loop(by_scikit_learn),
        "a loop over images, numpy": loop(by_numpy),
    }
    seconds = dict(zip(works, in_turns(list(works.values()), 1 if options.quick else 5), strict=True))
    ms = {name: 1000 * spent / n_queries for name, spent in seconds.items()}
    ours, slow = ms[f"{OURS}: float16"], ms["a loop over images, scikit-learn"]
    subject = f"re-ranking {N_TOP} images of {N_REGIONS} regions, {d} numbers each"
    started = time.process_time()
    rerank(xq, half, counts, ranking, N_TOP)
    cpu = 1000 * (time.process_time() - started) / n_queries  # of all threads, on a busy machine too
    settings: RowSettings = {"threads": options.threads, "images": n, "queries": n_queries, "CPU ms, float16": cpu}
    goals = {
        f"{OURS}: float16": Goal(20, ours, "at most 20 ms a query", at_most=True),
        f"{OURS}: float32": Goal(20, ms[f"{OURS}: float32"], "at most 20 ms a query", at_most=True),
        "a loop over images, scikit-learn": Goal(20, slow / ours, "we are at least 20 times as fast"),
    }
    rows = [Row(subject, name, value, "ms/query", settings, goals.get(name)) for name, value in ms.items()]
    for name, stored in (("float16", half), ("float32", regions)):
        rows.append(Row("bytes of an image's regions", name, stored[0].nbytes, "bytes", {"d": d}))
    return [*rows, *_agreement(rerank(xq, half, counts, ranking, N_TOP), rerank(xq, regions, counts, ranking, N_TOP))]


def _agreement(half: Reranked, full: Reranked) -> list[Row]:
    """What storing regions as float16 changes in the first images of a ranking."""
    same = float((half.ranking[:, :N_TOP] == full.ranking[:, :N_TOP]).mean())
    pairs = [dict(zip(found.ranking[0], found.region[0], strict=False)) for found in (half, full)]
    boxes = float(np.mean([pairs[0][image] == region for image, region in pairs[1].items()]))
    difference = float(np.abs(half.scores - full.scores).max())
    subject = "regions as float16 beside float32"
    goal = Goal(1e-3, difference, "at most .001", at_most=True)
    return [
        Row(subject, "largest difference of a score", 1e6 * difference, "millionths", {}, goal),
        Row(subject, "images at the same rank", 100 * same, "%"),
        Row(subject, "images with the same best region", 100 * boxes, "%"),
    ]


def _describing(options: Options) -> list[Row]:
    """One image through the convolutions, proposals and region pooling, beside the first two alone."""
    papers = DetectorShape("vgg16", (64, 128, 256, 512, 512), 16, ("object",))
    zf = DetectorShape("zf", (96, 256, 384, 384, 256), 16, ("object",))
    narrow = DetectorShape("vgg16", (16, 32, 64, 128, 128), 128, ("object",), scales=(3.0, 6.0, 12.0))
    cases = {
        "VGG16, 600 × 800 pixels": (papers, 600, 800), "ZF, 600 × 800 pixels": (zf, 600, 800),
        "narrow VGG16, 224 × 299": (narrow, 224, 299),
    }  # fmt: skip
    if options.quick:
        cases = {"narrow VGG16, 64 × 80": (narrow, 64, 80)}
    rows = []
    for name, (shape, height, width) in cases.items():
        detector = Detector.untrained(shape, options.seed)
        pixels = np.random.default_rng(options.seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
        x, extent, least = detector.prepare(pixels), detector.extent(pixels), MIN_SIDE * height

        def proposals(
            detector: Detector = detector, x: torch.Tensor = x, extent: Extent = extent, least: float = least
        ) -> tuple[torch.Tensor, torch.Tensor]:
            with torch.inference_mode():
                maps = detector.maps(x)
                return detector.last_map(maps, extent), detector.propose(x, maps, extent, N_REGIONS, least)

        def regions(work: Callable[[], tuple[torch.Tensor, torch.Tensor]] = proposals) -> tuple[F32, F32, F32]:
            maps, boxes = work()
            return region_bins.pool(maps.permute(1, 2, 0).numpy(), boxes.numpy())

        alone, whole = in_turns([proposals, regions], 1 if options.quick else 3)
        settings: RowSettings = {"threads": options.threads, "regions": len(proposals()[1]), "ratio": whole / alone}
        goal = Goal(1.15, whole / alone, "at most 1.15 times convolutions and proposals alone", at_most=True)
        subject = f"one image, {name}"
        rows.append(Row(subject, "convolutions, proposals, region pooling", 1000 * whole, "ms", settings, goal))
        rows.append(Row(subject, "convolutions and proposals", 1000 * alone, "ms", settings))
    return rows


def _fisher(options: Options) -> list[Row]:
    n_frames, timed = (200, 20) if options.quick else (100_000, 200)
    d, gaussians, dimensions = 128, 16, 32
    rng = np.random.default_rng(options.seed)
    pool = rng.standard_normal((timed, N_REGIONS, d), np.float32).clip(0).astype(np.float16)
    counts = np.full(timed, N_REGIONS)
    encoder = FisherEncoder.learn(
        draw(in_blocks(pool, counts), 20_000, rng), gaussians, dimensions=dimensions, seed=options.seed
    )
    mixture = _as_scikit_learn(encoder)

    def streamed() -> F32:
        return np.concatenate(list(fisher_vectors(encoder, in_blocks(pool, counts))))

    def theirs() -> F32:
        reduced = (encoder.reduce(_unit(frame.astype(np.float32))) for frame in pool)
        return np.array([skimage_fisher_vector(rows, mixture, improved=True) for rows in reduced])

    spent, slow = in_turns([streamed, theirs], 1 if options.quick else 3)
    vectors = np.empty((n_frames, 2 * gaussians * dimensions), np.float32)

    def frames() -> Iterator[Block]:
        for start in range(0, n_frames, 16):
            size = min(16, n_frames - start)
            yield Block(pool[:size], counts[:size])

    def fill() -> None:
        start = 0
        for part in fisher_vectors(encoder, frames()):
            vectors[start : start + len(part)] = part
            start += len(part)

    mebibytes = memory.peak(fill)[1] + vectors.nbytes / MIB
    # scikit-image has K numbers for the weights first, and the derivative by σ with the other sign.
    signs = np.repeat([1, -1], gaussians * dimensions)
    compared = theirs()[:, gaussians:] * signs
    apart = float(np.abs(streamed() - _unit(compared)).max())
    subject = f"Fisher vectors of {N_REGIONS} regions, PCA {d} → {dimensions}, {gaussians} Gaussians"
    settings: RowSettings = {"threads": options.threads, "frames": timed, "largest difference": apart}
    goal = Goal(1, slow / spent, "at least scikit-image's speed")
    return [
        Row(subject, f"{OURS}: streamed", 1e6 * spent / timed, "µs/frame", settings, goal),
        Row(subject, "scikit-image, a frame at a time", 1e6 * slow / timed, "µs/frame", settings),
        Row(f"memory for Fisher vectors of {n_frames:,} frames", OURS, mebibytes, "MiB",
            {"of it the vectors": vectors.nbytes / MIB}, Goal(1024, mebibytes, "at most 1 GiB", at_most=True)),
        Row(f"memory for Fisher vectors of {n_frames:,} frames", "all regions at once, as float16",
            n_frames * pool[0].nbytes / MIB, "MiB"),
    ]  # fmt: skip


def _as_scikit_learn(encoder: FisherEncoder) -> GaussianMixture:
    """The same mixture in the class that scikit-image asks for."""
    mixture = GaussianMixture(len(encoder.mixture), covariance_type="diag")
    mixture.weights_, mixture.means_ = encoder.mixture.weights, encoder.mixture.means
    mixture.covariances_ = encoder.mixture.sigmas**2
    mixture.precisions_cholesky_ = 1 / encoder.mixture.sigmas
    return mixture


def _inverted_index(options: Options) -> list[Row]:
    sizes = ((300, 50),) if options.quick else ((20_000, 1000), (20_000, 20_000))
    rows = []
    for n, k in sizes:
        rng, n_queries = np.random.default_rng(options.seed), 5 if options.quick else 20
        frequency = 1 / np.arange(5, k + 5)
        drawn = rng.choice(k, (n, N_REGIONS), p=frequency / frequency.sum())

        def in_parts(drawn: NDArray = drawn) -> Iterator[tuple[NDArray, NDArray]]:
            for start in range(0, len(drawn), 256):
                part = drawn[start : start + 256]
                yield part.ravel(), np.arange(len(part) + 1) * N_REGIONS

        def build(k: int = k, parts: Callable[[], Iterator] = in_parts) -> InvertedIndex:
            return InvertedIndex.build(parts(), k)

        index, peak = memory.peak(build)
        xq = index.queries(drawn[:n_queries].ravel(), np.arange(n_queries + 1) * N_REGIONS)
        whole = sparse.csc_array((index.weights, index.images, index.offsets), shape=(n, k)).tocsr()

        def one_at_a_time(search: Callable[[F32], NDArray], xq: F32 = xq) -> Callable[[], NDArray]:
            return lambda: np.concatenate([search(query[None]) for query in xq])

        works: dict[str, Callable[[], NDArray]] = {
            f"{OURS}: inverted index": one_at_a_time(index.scores),
            "scipy.sparse: images in rows": one_at_a_time(lambda q, whole=whole: (whole @ q.T).T),  # type: ignore[misc]
        }
        nbytes = [index.nbytes, whole.data.nbytes + whole.indices.nbytes + whole.indptr.nbytes]
        if 4 * n * k < 1 << 28:
            xb = whole.toarray()
            works["numpy: a dense product"] = one_at_a_time(lambda q, xb=xb: q @ xb.T)  # type: ignore[misc]
            nbytes.append(xb.nbytes)
        found = [work() for work in works.values()]
        seconds = in_turns(list(works.values()), 1 if options.quick else 5)
        goal = Goal(1, seconds[1] / seconds[0], "at least scipy.sparse's speed")
        for name, spent, scores, size in zip(works, seconds, found, nbytes, strict=True):
            settings: RowSettings = {
                "threads": options.threads, "MiB": size / MIB, "words an image has": len(index.images) / n,
                "largest difference": float(np.abs(scores - found[0]).max()), "peak MiB of building": peak,
            }  # fmt: skip
            subject = f"cosines of one query after the other with {n:,} bags of {k:,} words"
            rows.append(
                Row(subject, name, 1e6 * spent / n_queries, "µs/query", settings, goal if OURS in name else None)
            )
    return rows


def _unit(x: F32) -> F32:
    return cast(F32, x / np.linalg.norm(x, axis=-1, keepdims=True))
