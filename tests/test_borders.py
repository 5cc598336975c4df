"""Every public function of the packages that work on arrays, called with what it should not be called with.

`TABLE` holds one good call of each. Every argument in turn is replaced by things of the wrong kind: what can have no
meaning must be refused by a `UserError`; what may have one (another length, an empty array, a negative number) must be
refused or answered, and never end in another exception. A public function that is in neither `TABLE` nor `NO_ARRAYS`
fails the first test.
"""

import importlib
import inspect
import warnings
from functools import partial

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from vretlib.errors import UserError
from vretlib.evaluation import (
    average_precision,
    cross_modal,
    groups,
    intervals,
    localisation,
    methods,
    outlines,
    ranking,
    recall,
    revisited,
    roc,
    shares,
    visual_match,
)
from vretlib.evaluation import hamming as hamming_measures
from vretlib.features import (
    channel_index,
    encoding,
    fisher,
    local,
    match_graph,
    pooling,
    region_bins,
    region_streams,
    regions,
    suppression,
    unit_vectors,
    whitening,
)
from vretlib.models import (
    contrastive,
    linear,
    oasis,
    pair_training,
    pairs,
    similarity_loss,
    simnet,
    simnet_training,
    temporal_encoder,
    temporal_training,
)
from vretlib.models.hashing import bre, cca_itq, hasher, itq, ksh, lsh, principal, spectral, video_codes
from vretlib.search import (
    binary_ivf,
    binary_kdtree,
    clip_search,
    coarse_to_fine,
    exact,
    float_kdtree,
    frame_search,
    hamming,
    inverted_index,
    metric_names,
    neighbours,
    packed_codes,
    similarity,
    votes,
)
from vretlib.search import regions as region_search
from vretlib.video import key_features, tracks

MODULES = (
    binary_ivf, binary_kdtree, clip_search, coarse_to_fine, exact, float_kdtree, frame_search, hamming, neighbours,
    similarity, votes, average_precision, cross_modal, groups, intervals, methods, outlines,
    ranking, recall, revisited, roc, shares, visual_match,
    channel_index, encoding, fisher, local, match_graph, pooling, regions, unit_vectors, whitening, contrastive,
    region_bins, suppression,
    linear, oasis, pair_training, pairs, similarity_loss, simnet, simnet_training, temporal_encoder, temporal_training,
    key_features, tracks, packed_codes, hamming_measures, bre, cca_itq, hasher, itq, ksh, lsh, principal, spectral,
    video_codes, region_search, metric_names, localisation, inverted_index, region_streams,
)  # fmt: skip

RNG = np.random.default_rng(0)
X = RNG.normal(size=(8, 4)).astype(np.float32)
UNIT = X / np.linalg.norm(X, axis=1, keepdims=True)
CODES = RNG.integers(0, 256, (8, 32), dtype=np.uint8)
XY = RNG.uniform(0, 50, (8, 2)).astype(np.float32)
OFFSETS = np.array([0, 3, 5, 8])
LABELS = np.array([0, 0, 1, 1, 2, 2, 3, 3])
SHOTS = np.array([[0, 3], [3, 8]])
RANKINGS, SETS, JUNK = [[2, 0, 1], [1, 0, 2]], [[0], [1, 2]], [[1], []]
MAPS = torch.rand(2, 3, 6, 7)
PAIRS = pairs.Pairs(torch.tensor([0, 1]), torch.tensor([1, 2]), torch.tensor([True, False]))
WHITE = whitening.Whitening(np.zeros(4), np.ones(4), np.eye(4), 8, "test")
WORDS = encoding.Vocabulary(X[:3])
FISHER = fisher.FisherEncoder.learn(X, 1, dimensions=2, seed=0)
MAPS_OF_FOUR = np.random.default_rng(2).normal(size=(4, 3, 2, 2)).astype(np.float32)
MAP_ENCODER = fisher.MapEncoder.learn(MAPS_OF_FOUR, 2, seed=0, gaussians=1, place_dimensions=2)
MIXTURE = encoding.Mixture(np.full(2, 0.5), X[:2].astype(np.float64), np.ones((2, 4)))


BITS = np.unpackbits(CODES[:, :1], axis=1).astype(np.bool_)
REGIONS = np.random.default_rng(3).normal(size=(3, 2, 4)).astype(np.float32)
TOP = {"n_regions": np.array([2, 1, 2]), "ranking": np.array([[0, 1, 2], [2, 0, 1]]), "n_top": 2}
RERANKED = region_search.rerank(X[:2], REGIONS, **TOP)
INDEX = inverted_index.InvertedIndex.build([([0, 1, 1], [0, 1, 3])], 4)
BOXES = np.array([[0, 0, 4, 5], [2, 1, 6, 9]], np.float32)
TIES = {"distances": np.array([[0, 1, 1], [1, 0, 0]]), "relevant": np.array([[True, False, True], [False, True, True]])}


def seeded():
    return torch.Generator().manual_seed(0)


class Fresh:
    """Made anew for every call, because calls change it."""

    def __init__(self, make):
        self.make = make


def made(cls, *args, **kwargs):
    return partial(cls, *args, **kwargs)


def on(make, method):
    """A method of an object that is made when the call comes."""
    return lambda **arguments: getattr(make(), method)(**arguments)


TREE = made(binary_kdtree.BinaryKdTree.build, CODES, 3)
IVF = made(binary_ivf.BinaryIVF.build, CODES, 3)
FLOAT_TREE = made(float_kdtree.FloatKdTree.build, X, 3)
COARSE = made(coarse_to_fine.CoarseToFine, X[:, :2], X)
NEAREST = hamming.nearest(CODES, CODES)
OASIS, LINEAR = made(oasis.Oasis, 4), made(linear.Linear, 4)
NET = made(simnet.SimNet, 4, (3,), generator=seeded())
ENCODER = made(temporal_encoder.TemporalEncoder, "gru", generator=seeded(), d=4, hidden=3)
HOW = {"steps": 1, "generator": Fresh(seeded), "progress": False}
HASHED = {"x": X, "n_bits": 3, "rng": Fresh(lambda: np.random.default_rng(0))}
TRAINED = {"descriptors": X, "margin": 0.2} | HOW

TABLE = {
    "search.binary_ivf.BinaryIVF.build": (binary_ivf.BinaryIVF.build, {"xb": CODES, "n_cells": 3, "seed": 0}),
    "search.binary_ivf.BinaryIVF.nearest": (on(IVF, "nearest"), {"xq": CODES, "probes": 2}),
    "search.binary_ivf.BinaryIVF.search": (on(IVF, "search"), {"xq": CODES, "k": 2, "probes": 2}),
    "search.binary_kdtree.BinaryKdTree.build": (
        binary_kdtree.BinaryKdTree.build, {"xb": CODES, "leaf_size": 3, "rule": "thesis"}),
    "search.binary_kdtree.BinaryKdTree.nearest": (
        on(TREE, "nearest"), {"xq": CODES, "backtracks": 2, "rule": "sibling"}),
    "search.binary_kdtree.BinaryKdTree.nearest_at": (
        on(TREE, "nearest_at"), {"xq": CODES, "backtracks": [2, 1], "rule": "sibling"}),
    "search.clip_search.nearest_in": (clip_search.nearest_in, {"xq": X[:2], "xb": X, "ranges": SHOTS}),
    "search.clip_search.ClipVectors": (clip_search.ClipVectors, {"xq": X, "xb": X, "offsets": OFFSETS}),
    "search.clip_search.ClipVectors.best_row": (
        clip_search.ClipVectors(X, X, OFFSETS).best_row, {"query": 1, "clip": 1}),
    "search.clip_search.clip_scores": (
        clip_search.clip_scores, {"xq": X, "xb": X, "offsets": OFFSETS, "metric": "cosine"}),
    "search.coarse_to_fine.CoarseToFine": (coarse_to_fine.CoarseToFine, {"index": X[:, :2], "descriptors": X}),
    "search.coarse_to_fine.CoarseToFine.candidates": (on(COARSE, "candidates"), {"xq_index": X[:, :2], "m": 3}),
    "search.coarse_to_fine.CoarseToFine.search": (
        on(COARSE, "search"), {"xq_index": X[:, :2], "xq": X, "n": 2, "m": 3}),
    "search.exact.knn": (exact.knn, {"xq": X, "xb": X, "k": 2, "metric": "euclidean"}),
    "search.float_kdtree.FloatKdTree.build": (float_kdtree.FloatKdTree.build, {"xb": X, "leaf_size": 3}),
    "search.float_kdtree.FloatKdTree.nearest": (on(FLOAT_TREE, "nearest"), {"xq": X, "backtracks": 2}),
    "search.frame_search.best_frame": (
        frame_search.best_frame,
        {"xq": CODES, "codes": CODES, "offsets": OFFSETS, "rule": "match_count", "max_hamming": 20}),
    "search.frame_search.best_frame_euclidean": (
        frame_search.best_frame_euclidean, {"xq": X, "descriptors": X, "offsets": OFFSETS}),
    "search.hamming.knn": (hamming.knn, {"xq": CODES, "xb": CODES, "k": 2}),
    "search.float_kdtree.FloatKdTree.nearest_at": (
        on(FLOAT_TREE, "nearest_at"), {"xq": X, "backtracks": [2, 1]}),
    "search.hamming.nearest": (hamming.nearest, {"xq": CODES, "xb": CODES}),
    "search.neighbours.Nearest": (
        neighbours.Nearest, {"distances": np.ones(8, np.float32), "offsets": NEAREST.offsets, "ids": NEAREST.ids}),
    "search.neighbours.Nearest.of_pairs": (
        neighbours.Nearest.of_pairs,
        {"distances": np.zeros(2, np.float32), "queries": np.array([0, 1]), "ids": np.array([3, 4])}),
    "search.neighbours.Nearest.join": (neighbours.Nearest.join, {}),
    "search.neighbours.Nearest.part": (NEAREST.part, {"start": 1, "stop": 3}),
    "search.metric_names.metric_distances": (
        metric_names.metric_distances, {"name": "Manhattan", "xq": X, "xb": X}),
    "search.regions.rerank": (region_search.rerank, {"xq": X[:2], "regions": REGIONS} | TOP),
    "search.regions.rerank_by_class": (
        region_search.rerank_by_class, {"scores": REGIONS, "classes_of_queries": np.array([0, 2])} | TOP),
    "search.regions.Reranked.boxes": (RERANKED.boxes, {"boxes": REGIONS}),
    "search.regions.expand": (
        region_search.expand,
        {"xq": X[:2], "xb": X, "ranking": TOP["ranking"], "m": 2, "own": np.array([2, -1])}),
    "search.inverted_index.InvertedIndex.build": (
        lambda words, offsets, k: inverted_index.InvertedIndex.build([(words, offsets)], k),
        {"words": np.array([0, 1, 1]), "offsets": np.array([0, 1, 3]), "k": 4}),
    "search.inverted_index.InvertedIndex.queries": (
        INDEX.queries, {"words": np.array([0, 1, 1]), "offsets": np.array([0, 1, 3])}),
    "search.inverted_index.InvertedIndex.vectors": (INDEX.vectors, {"images": np.array([1, 0])}),
    "search.inverted_index.InvertedIndex.scores": (INDEX.scores, {"xq": X}),
    "search.similarity.scores": (similarity.scores, {"xq": X, "xb": X, "metric": "l1"}),
    "search.similarity.distances": (similarity.distances, {"xq": X, "xb": X, "metric": "l1"}),
    "search.votes.count": (votes.count, {"labels": LABELS, "n_labels": 4, "weights": np.ones(8)}),
    "search.votes.relative": (votes.relative, {"votes": np.ones(3), "sizes": np.ones(3), "smoothing": 2.0}),
    "search.votes.winner": (votes.winner, {"votes": np.ones(3)}),
    "search.votes.ranked": (votes.ranked, {"votes": np.ones(3), "n": 2}),
    "evaluation.average_precision.average_precision": (
        average_precision.average_precision,
        {"ranking": [2, 0, 1], "positives": [0], "junk": [1], "rule": "plain"}),
    "evaluation.average_precision.average_precisions": (
        average_precision.average_precisions,
        {"rankings": RANKINGS, "positives": SETS, "junk": JUNK, "rule": "plain"}),
    "evaluation.average_precision.mean": (average_precision.mean, {"values": np.ones(3)}),
    "evaluation.average_precision.expected_average_precision": (
        average_precision.expected_average_precision,
        {"scores": np.ones(3), "positives": [0], "junk": [1], "rule": "plain"}),
    "evaluation.average_precision.steps": (
        average_precision.steps, {"ranking": [2, 0, 1], "positives": [0], "junk": [1], "rule": "plain"}),
    "evaluation.groups.by_query": (
        groups.by_query,
        {"rankings": RANKINGS, "relevant": SETS, "groups": ["a", "b"], "names": ["a"], "rule": "plain"}),
    "evaluation.ranking.rank": (ranking.rank, {"scores": X, "exclude": np.array([0, 1, 2, 3, 0, 1, 2, 3])}),
    "evaluation.ranking.find_positives": (
        ranking.find_positives, {"rankings": RANKINGS, "positives": SETS, "junk": JUNK}),
    "evaluation.ranking.as_ids": (partial(ranking.as_ids, name="ids"), {"ids": np.arange(3)}),
    **{
        f"evaluation.recall.{name}_at": (
            getattr(recall, f"{name}_at"), {"rankings": RANKINGS, "positives": SETS, "k": 2, "junk": JUNK})
        for name in ("hit_rate", "precision", "recall")
    },
    "evaluation.cross_modal.both": (cross_modal.both, {"texts": X, "images": X}),
    "evaluation.cross_modal.ranks": (cross_modal.ranks, {"xq": X, "xb": X}),
    "evaluation.cross_modal.at": (cross_modal.at, {"found": np.array([1.0, 3.0]), "k": 2}),
    "evaluation.cross_modal.random_ranks": (cross_modal.random_ranks, {"n": 4}),
    "evaluation.cross_modal.random_at": (cross_modal.random_at, {"n": 4, "k": 2}),
    "evaluation.cross_modal.among": (cross_modal.among, {"texts": X, "images": X, "pools": [[0, 1], [1, 2]]}),
    "evaluation.intervals.Resampling": (intervals.Resampling, {"n_queries": 4}),
    "evaluation.intervals.Resampling.values": (
        intervals.Resampling(4, n=20).values, {"per_query": np.ones((2, 4))}),
    "evaluation.intervals.Resampling.interval": (
        intervals.Resampling(4, n=20).interval, {"per_query": np.ones((2, 4))}),
    "evaluation.intervals.Resampling.difference": (
        intervals.Resampling(4, n=20).difference, {"per_query": np.ones((2, 4)), "baseline": np.ones(4)}),
    "evaluation.intervals.of_unanimous": (intervals.of_unanimous, {"share": 1.0, "n_queries": 3}),
    "evaluation.intervals.ends": (intervals.ends, {"values": np.ones(5)}),
    "evaluation.recall.median_rank": (recall.median_rank, {"rankings": RANKINGS, "positives": SETS, "junk": JUNK}),
    "evaluation.revisited.evaluate": (
        partial(revisited.evaluate, names=("easy",)),
        {"rankings": RANKINGS, "easy": SETS, "hard": JUNK, "junk": [[], []], "ks": [1, 2]}),
    "evaluation.revisited.levels": (revisited.levels, {"easy": SETS, "hard": SETS, "junk": JUNK}),
    "evaluation.revisited.shrinking_precision_at": (
        revisited.shrinking_precision_at, {"rankings": RANKINGS, "positives": SETS, "k": 2, "junk": JUNK}),
    "evaluation.roc.roc": (
        roc.roc, {"scores": X[0], "labels": np.array([True, False, True, False]), "thresholds": X[1]}),
    "evaluation.roc.choose_threshold": (
        roc.choose_threshold,
        {"scores": X[0], "labels": np.array([True, False, True, False]), "thresholds": X[1], "max_fpr": 1.0}),
    "evaluation.shares.wilson": (shares.wilson, {"share": 0.75, "n": 100, "level": 0.95}),
    "evaluation.shares.difference": (
        shares.difference, {"a": 0.75, "b": 0.5, "n_a": 100, "n_b": 50, "level": 0.95}),
    "evaluation.localisation.iou": (localisation.iou, {"boxes_a": BOXES, "boxes_b": BOXES}),
    "evaluation.localisation.localise": (localisation.localise, {"found": BOXES, "true": BOXES}),
    "evaluation.outlines.judge": (outlines.judge, {"found": X[:4, :2], "true": X[4:, :2], "tolerance": 0.01}),
    "evaluation.visual_match.nearest": (visual_match.nearest, {"retrieved": X, "truth": X}),
    "evaluation.visual_match.score": (visual_match.score, {"retrieved": X, "truth": X, "max_distance": 1.0}),
    "evaluation.visual_match.share_below": (
        visual_match.share_below, {"distances": np.ones(3), "max_distance": 2.0}),
    "evaluation.visual_match.visual_match": (visual_match.visual_match, {"scores": np.ones(3), "tau": 0.5}),
    "evaluation.visual_match.recall_at_1": (visual_match.recall_at_1, {"matches": np.array([True, False])}),
    "video.tracks.match": (
        tracks.match,
        {"codes_a": CODES, "xy_a": XY, "codes_b": CODES, "xy_b": XY, "max_hamming": 20, "max_displacement": 9.0}),
    "video.tracks.match_sift": (
        tracks.match_sift,
        {"descriptors_a": X, "xy_a": XY, "descriptors_b": X, "xy_b": XY, "max_distance": 9.0, "max_displacement": 9.0}),
    "video.key_features.aggregate": (
        key_features.aggregate,
        {"offsets": OFFSETS, "descriptors": CODES, "tracks": np.array([0, 1, 2, 0, 1, 0, 1, 2], np.int32),
         "shots": np.array([[0, 2], [2, 3]]), "rule": "majority", "longer_than": 0}),
    **{
        f"video.key_features.{name}": (
            getattr(key_features, name), {"sums": np.ones((3, 8), np.int32), "lengths": np.array([1, 2, 3])})
        for name in ("majority", "at_least_two", "mean")
    },
    "video.key_features.rule_named": (key_features.rule_named, {"rule": "mean"}),
    "video.key_features.TrackSums": (key_features.TrackSums, {"d": 8, "longer_than": 3}),
    "video.key_features.TrackSums.add": (
        on(made(key_features.TrackSums, 8), "add"),
        {"tracks": np.arange(3, dtype=np.int32), "values": np.ones((3, 8), np.uint8)}),
    "features.whitening.Whitening": (
        partial(whitening.Whitening, n=8, source="test"),
        {"mean": np.zeros(4), "eigenvalues": np.ones(4), "eigenvectors": np.eye(4)}),
    "features.whitening.Whitening.apply": (WHITE.apply, {"x": X, "dims": 2}),
    "features.whitening.from_arrays": (
        partial(whitening.from_arrays, source="test", components="rows"),
        {"mean": np.ones(4), "eigenvectors": np.eye(4), "eigenvalues": np.ones(4), "n": 3}),
    "features.whitening.Moments": (whitening.Moments, {"d": 4}),
    "features.whitening.Moments.add": (on(made(whitening.Moments, 4), "add"), {"x": X}),
    "features.whitening.learn": (partial(whitening.learn, source="test"), {"x": X, "floor": 0.1}),
    "features.unit_vectors.l2": (unit_vectors.l2, {"x": torch.from_numpy(X)}),
    "features.pooling.mac": (pooling.mac, {"maps": MAPS}),
    "features.pooling.spoc": (pooling.spoc, {"maps": MAPS}),
    "features.pooling.crow": (pooling.crow, {"maps": MAPS}),
    "features.pooling.rmac": (pooling.rmac, {"maps": MAPS, "levels": 2, "rule": "tolias"}),
    "features.pooling.sum_regions": (pooling.sum_regions, {"vectors": X, "offsets": OFFSETS, "more": X[:3]}),
    "features.pooling.check_rule": (pooling.check_rule, {"rule": "tolias"}),
    "features.region_streams.draw": (
        lambda regions, n_regions, n: region_streams.draw([(regions, n_regions)], n, np.random.default_rng(0)),
        {"regions": REGIONS, "n_regions": TOP["n_regions"], "n": 2}),
    "features.region_streams.fisher_vectors": (
        lambda regions, n_regions: list(region_streams.fisher_vectors(FISHER, [(regions, n_regions)])),
        {"regions": REGIONS, "n_regions": TOP["n_regions"]}),
    "features.region_streams.bags": (
        lambda regions, n_regions: list(region_streams.bags(WORDS, [(regions, n_regions)])),
        {"regions": REGIONS, "n_regions": TOP["n_regions"]}),
    "features.encoding.Vocabulary": (encoding.Vocabulary, {"words": X}),
    "features.encoding.Vocabulary.learn": (partial(encoding.Vocabulary.learn, seed=0), {"x": X, "k": 2}),
    "features.encoding.Vocabulary.assign": (WORDS.assign, {"x": X}),
    "features.encoding.Mixture": (
        encoding.Mixture, {"weights": np.full(2, 0.5), "means": X[:2], "sigmas": np.ones((2, 4))}),
    "features.encoding.Mixture.learn": (partial(encoding.Mixture.learn, seed=0), {"x": X, "k": 1}),
    **{
        f"features.encoding.Mixture.{name}": (getattr(MIXTURE, name), {"x": X})
        for name in ("log_likelihoods", "posteriors", "centred")
    },
    "features.fisher.FisherEncoder.learn": (
        partial(fisher.FisherEncoder.learn, seed=0), {"features": X, "gaussians": 1, "dimensions": 2}),
    "features.fisher.FisherEncoder.reduce": (FISHER.reduce, {"features": X}),
    "features.fisher.FisherEncoder.encode": (FISHER.encode, {"features": X}),
    "features.fisher.MapEncoder.learn": (
        partial(fisher.MapEncoder.learn, seed=0),
        {"maps": MAPS_OF_FOUR, "d": 2, "gaussians": 1, "place_dimensions": 2}),
    "features.fisher.MapEncoder.encode": (MAP_ENCODER.encode, {"maps": MAPS_OF_FOUR}),
    "features.encoding.bow": (partial(encoding.bow, vocabulary=WORDS), {"x": X, "idf": np.ones(3)}),
    "features.encoding.inverse_document_frequency": (encoding.inverse_document_frequency, {"bags": np.eye(3)}),
    "features.encoding.vlad": (partial(encoding.vlad, vocabulary=WORDS), {"x": X, "normalisation": "l2"}),
    "features.encoding.fisher_vector": (
        partial(encoding.fisher_vector, mixture=MIXTURE), {"x": X, "normalisation": "l2"}),
    "features.match_graph.match_graph": (
        match_graph.match_graph, {"descriptors": [UNIT, UNIT], "minimum": 0.2, "normaliser": "mean", "ratio": "both"}),
    "features.match_graph.graph_of": (match_graph.graph_of, {"scores": np.eye(3), "minimum": 0.2}),
    "features.match_graph.score": (
        match_graph.score, {"a": UNIT, "b": UNIT, "normaliser": "mean", "ratio": "both"}),
    "features.channel_index.mean_descriptor": (channel_index.mean_descriptor, {"maps": MAPS}),
    "features.channel_index.channel_index": (channel_index.channel_index, {"descriptors": X, "width": 2}),
    "features.region_bins.pool": (
        region_bins.pool, {"maps": MAPS[0].permute(1, 2, 0).numpy(), "boxes": 9 * np.abs(X), "stride": 16, "bins": 7}),
    "features.suppression.best": (suppression.best, {"boxes": np.abs(X), "n": 3, "threshold": 0.7}),
    "features.regions.rmac_grid": (regions.rmac_grid, {"height": 5, "width": 6, "levels": 3, "overlap": 0.4}),
    "features.regions.region_maxima": (
        regions.region_maxima, {"maps": MAPS, "regions": np.array([[0, 0, 2, 2], [1, 1, 6, 7]])}),
    "features.local.orb_brief": (local.orb_brief, {"luma": np.zeros((80, 80), np.uint8), "n_features": 9}),
    "features.local.root_sift": (local.root_sift, {"descriptors": np.abs(X)}),
    "features.local.sift": (local.sift, {"luma": np.zeros((80, 80), np.uint8), "n_features": 9}),
    **{
        f"search.packed_codes.{name}": (getattr(packed_codes, name), {"xq": CODES, "xb": CODES})
        for name in ("distances", "rank")
    },
    **{f"search.packed_codes.{name}": (getattr(packed_codes, name), {"bits": BITS}) for name in ("pack", "as_bits")},
    **{
        f"evaluation.hamming.{name}": (getattr(hamming_measures, name), TIES)
        for name in ("stable_average_precisions", "expected_average_precisions", "extreme_average_precisions")
    },
    "evaluation.hamming.precision_recall": (hamming_measures.precision_recall, TIES | {"by": "rank"}),
    "models.hashing.video_codes.hard_vote": (
        video_codes.hard_vote, {"bits": BITS, "video": LABELS, "n_videos": 4, "tie": "zero"}),
    "models.hashing.video_codes.mean_sigmoid": (
        video_codes.mean_sigmoid, {"project": X, "video": LABELS, "n_videos": 4}),
    "models.hashing.lsh.fit": (lsh.fit, HASHED),
    "models.hashing.spectral.fit": (spectral.fit, {"x": X, "n_bits": 3}),
    "models.hashing.itq.fit": (itq.fit, HASHED | {"iterations": 2}),
    "models.hashing.itq.rotate": (
        itq.rotate, {"values": X, "n_bits": 4, "rng": Fresh(lambda: np.random.default_rng(0)), "iterations": 2}),
    "models.hashing.cca_itq.fit": (
        cca_itq.fit, HASHED | {"labels": LABELS, "regularisation": 0.1, "iterations": 2}),
    "models.hashing.bre.fit": (
        bre.fit, HASHED | {"labels": LABELS, "n_points": 6, "n_anchors": 2, "tolerance": 0.5}),
    "models.hashing.ksh.KernelHasher.with_anchors": (
        ksh.KernelHasher.with_anchors,
        {"x": X, "rows": np.arange(3), "weights": np.ones((3, 2)), "gains": np.ones((2, 2))}),
    "models.hashing.ksh.fit": (
        ksh.fit,
        HASHED | {"labels": LABELS, "n_anchors": 3, "n_labelled": 6, "iterations": 3, "tolerance": 0.1}),
    **{
        f"models.hashing.{name}.{method}": (getattr(fitted, method), {"x": X})
        for name, fitted in (
            ("hasher.LinearHasher", lsh.fit(X, 3, np.random.default_rng(0))),
            ("spectral.SpectralHasher", spectral.fit(X, 3)),
            ("ksh.KernelHasher", ksh.fit(X, LABELS, 3, np.random.default_rng(0))),
        )
        for method in ("project", "bits")
    },
    "models.oasis.Oasis": (oasis.Oasis, {"d": 4, "c": 0.1}),
    "models.oasis.Oasis.fit": (
        on(OASIS, "fit"),
        {"descriptors": X, "labels": LABELS, "n_triplets": 3, "generator": Fresh(seeded), "progress": False}),
    "models.oasis.Oasis.scores": (on(OASIS, "scores"), {"xq": X, "xb": X}),
    "models.linear.Linear": (linear.Linear, {"d": 4}),
    "models.linear.Linear.forward": (on(LINEAR, "forward"), {"x": torch.from_numpy(X), "y": torch.from_numpy(X)}),
    "models.linear.Linear.scores": (on(LINEAR, "scores"), {"xq": X, "xb": X}),
    "models.linear.Linear.fit": (on(LINEAR, "fit"), {"labels": LABELS, "n_pairs": 4} | TRAINED),
    "models.similarity_loss.target_scores": (
        similarity_loss.target_scores,
        {"cosine": torch.ones(3), "match": torch.tensor([True, False, True]), "margin": 0.2, "rule": "thesis"}),
    "models.similarity_loss.similarity_loss": (
        similarity_loss.similarity_loss, {"scores": torch.ones(3), "wanted": torch.ones(3)}),
    "models.contrastive.contrastive_loss": (
        contrastive.contrastive_loss,
        {"x": torch.from_numpy(UNIT[:2]), "y": torch.from_numpy(UNIT[2:4]), "match": torch.tensor([True, False]),
         "margin": 0.5}),
    "models.contrastive.hard_negatives": (
        contrastive.hard_negatives, {"xq": X, "query_labels": LABELS, "xb": X, "labels": LABELS, "n": 2}),
    "models.pairs.Pairs.take": (PAIRS.take, {"rows": torch.tensor([1, 0])}),
    "models.pairs.warm_up_pairs": (partial(pairs.warm_up_pairs, generator=seeded()), {"n": 3, "d": 4}),
    "models.pairs.independent_pairs": (partial(pairs.independent_pairs, generator=seeded()), {"n": 3, "d": 4}),
    "models.pairs.random_pairs": (partial(pairs.random_pairs, generator=seeded()), {"labels": LABELS, "n": 4}),
    "models.pairs.random_triplets": (partial(pairs.random_triplets, generator=seeded()), {"labels": LABELS, "n": 4}),
    "models.pairs.difficult_pairs": (
        pairs.difficult_pairs, {"labels": LABELS, "scores": X @ X.T, "cosine": UNIT @ UNIT.T}),
    "models.pairs.sample_classes": (
        partial(pairs.sample_classes, generator=seeded()), {"labels": LABELS, "classes": 2, "per_class": 2}),
    "models.pairs.pairs_within": (partial(pairs.pairs_within, generator=seeded()), {"labels": LABELS, "n": 4}),
    "models.simnet.SimNet": (partial(simnet.SimNet, generator=seeded()), {"d": 4, "widths": (3,)}),
    "models.simnet.SimNet.forward": (on(NET, "forward"), {"x": torch.from_numpy(X), "y": torch.from_numpy(X)}),
    "models.simnet.SimNet.scores": (on(NET, "scores"), {"xq": X, "xb": X}),
    "models.simnet.as_descriptors": (simnet.as_descriptors, {"x": X, "d": 4}),
    "models.simnet_training.warm_up": (
        lambda **how: simnet_training.warm_up(NET(), **how), {"kind": "independent"} | HOW),
    "models.simnet_training.warm_up_quality": (
        lambda **how: simnet_training.warm_up_quality(NET(), generator=seeded(), **how),
        {"n": 3, "kind": "independent"}),
    "models.simnet_training.train_simnet": (
        lambda **how: simnet_training.train_simnet(NET(), **how), {"labels": LABELS, "n_pairs": 4} | TRAINED),
    "models.simnet_training.refine": (
        lambda **how: simnet_training.refine(NET(), **how),
        {"labels": LABELS, "n_pairs": 4, "n_images": 6, "limit": 3} | TRAINED),
    "models.simnet_training.find_difficult": (
        lambda **how: simnet_training.find_difficult(NET(), generator=seeded(), **how),
        {"descriptors": X, "labels": LABELS, "n_images": 6, "limit": 3}),
    "models.pair_training.train_on_pairs": (
        lambda **how: pair_training.train_on_pairs(NET(), pairs=PAIRS, **how), TRAINED),
    "models.pair_training.pair_loss": (
        lambda **how: pair_training.pair_loss(NET(), pairs=PAIRS, **how), {"x": torch.from_numpy(X), "margin": 0.2}),
    "models.pair_training.check_pairs": (partial(pair_training.check_pairs, PAIRS), {"n_descriptors": 3}),
    "models.temporal_encoder.TemporalEncoder": (
        partial(temporal_encoder.TemporalEncoder, generator=seeded()),
        {"cell": "lstm", "d": 4, "hidden": 3, "forget_bias": 1.0}),
    "models.temporal_encoder.TemporalEncoder.encode": (
        on(ENCODER, "encode"), {"x": X, "shots": SHOTS, "most": 2, "beyond": "last"}),
    "models.temporal_encoder.pack": (
        temporal_encoder.pack, {"frames": torch.from_numpy(X), "shots": SHOTS, "most": 2, "beyond": "last"}),
    "models.temporal_encoder.pad": (temporal_encoder.pad, {"shots": SHOTS, "most": 2}),
    "models.temporal_encoder.split_long": (temporal_encoder.split_long, {"shots": SHOTS, "most": 2}),
    **{
        f"models.temporal_encoder.{name}": (getattr(temporal_encoder, name), {"x": X, "shots": SHOTS})
        for name in ("sum_pool", "max_pool", "first_frame", "middle_frame")
    },
    "models.temporal_encoder.checked_shots": (temporal_encoder.checked_shots, {"shots": SHOTS, "n_frames": 8}),
    "models.temporal_training.margin_loss": (
        temporal_training.margin_loss,
        {"u": torch.from_numpy(X), "v": torch.from_numpy(X), "y": torch.ones(8), "margin": 0.1}),
    "models.temporal_training.draw_pairs": (
        partial(temporal_training.draw_pairs, generator=seeded()), {"shots": SHOTS, "n": 4, "positive": 0.2}),
    "models.temporal_training.train_encoder": (
        lambda **how: temporal_training.train_encoder(ENCODER(), **how),
        {"x": X, "shots": SHOTS, "margin": 0.1, "positive": 0.2} | HOW),
    "models.temporal_training.random_rotation": (
        partial(temporal_training.random_rotation, generator=seeded()), {"d": 4}),
    "models.temporal_training.own_shot_first": (
        lambda **how: temporal_training.own_shot_first(ENCODER(), **how), {"x": X, "shots": SHOTS}),
}  # fmt: skip
TABLE["search.votes.count"] = (partial(votes.count, NEAREST), TABLE["search.votes.count"][1])
TABLE["search.neighbours.Nearest.join"] = (lambda: neighbours.Nearest.join([NEAREST]), {})

NO_ARRAYS = {
    "models.hashing.bre.ReconstructiveHasher", "models.hashing.cca_itq.SupervisedRotatedHasher",  # what `fit` makes
    "models.hashing.hasher.LinearHasher", "models.hashing.itq.RotatedHasher", "models.hashing.ksh.KernelHasher",
    "models.hashing.spectral.SpectralHasher", "models.hashing.hasher.Hasher",
    "models.hashing.hasher.Hasher.project", "models.hashing.hasher.Hasher.bits",  # a protocol
    "models.hashing.hasher.in_blocks", "models.hashing.hasher.blocks", "models.hashing.hasher.training_vectors",
    "models.hashing.hasher.identities",
    "models.hashing.principal.principal", "models.hashing.principal.with_fixed_signs",  # parts of every `fit`
    "features.fisher.FisherEncoder", "features.fisher.MapEncoder",  # what `learn` makes
    "search.binary_ivf.BinaryIVF",  # what `build` makes
    "search.inverted_index.InvertedIndex",  # what `build` makes
    "features.region_streams.in_blocks",  # what it gives is checked when it is read
    "search.regions.Reranked",  # a result
    "search.binary_kdtree.BinaryKdTree", "search.binary_kdtree.BinaryKdTree.depths",
    "search.binary_kdtree.BinaryKdTree.leaf_sizes", "search.float_kdtree.FloatKdTree",
    "search.float_kdtree.FloatKdTree.depths", "search.float_kdtree.FloatKdTree.leaf_sizes",
    "evaluation.methods.Method", "evaluation.methods.Variant", "evaluation.methods.compare",  # take functions
    "evaluation.methods.milliseconds", "evaluation.revisited.LevelResult", "features.match_graph.MatchGraph",  # results
    "video.tracks.Tracker", "video.tracks.Tracker.update",  # the matcher looks: see tests/video/test_tracks.py
    "video.key_features.TrackSums.finish", "features.whitening.Whitening.save", "features.whitening.load",
    "models.simnet.as_scores",  # the end of every `scores`
    "features.local.one_opencv_thread", "models.temporal_encoder.TemporalEncoder.forward",  # what `pack` makes
    "models.temporal_training.Adam", "models.temporal_training.Adam.start", "models.temporal_training.validation",
}  # fmt: skip


def public_names():
    """Functions, classes with an ``__init__`` of their own, and methods, of the modules that define them."""
    for module in MODULES:
        short = module.__name__.removeprefix("vretlib.")
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(thing):
                if "__init__" in vars(thing):
                    yield f"{short}.{name}"
                for method, of in vars(thing).items():
                    if not method.startswith("_") and (inspect.isfunction(of) or isinstance(of, classmethod)):
                        yield f"{short}.{name}.{method}"
            elif callable(thing):
                yield f"{short}.{name}"


def array_modules():
    """Modules of the packages that hold nothing but work on arrays."""
    for package in ("search", "evaluation"):
        folder = importlib.import_module(f"vretlib.{package}").__path__[0]
        names = {info for info in __import__("os").listdir(folder) if info.endswith(".py") and info[0] != "_"}
        yield from (f"vretlib.{package}.{name[:-3]}" for name in names)


def test_every_public_function_has_a_good_call_here():
    assert set(array_modules()) <= {module.__name__ for module in MODULES}
    assert set(public_names()) == set(TABLE) | NO_ARRAYS


def meaningless(value):
    """Things that stand in no sense for a value of this kind."""
    if isinstance(value, str):
        return ["", "nonsense", 3, None, b"mean", np.array(["mean"] * 2)]
    if isinstance(value, bool | Fresh):
        return []
    if isinstance(value, int):
        return [1.5, np.nan, np.inf, "3", None, 2 + 1j, [3], np.array([3, 4]), True]
    if isinstance(value, float):
        return [np.nan, "0.5", 2 + 1j, [0.5], np.array([0.5, 0.5]), b"1"]
    if isinstance(value, torch.Tensor):
        one_more = value[None].expand(1, *value.shape)
        found = [one_more.clone(), value.to(torch.complex64), value.to_sparse(), value.numpy().tolist(), None, "maps"]
        found += [torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]), value.to("meta")]
        return found + [value.reshape(-1, 1)] * (value.ndim == 1)
    if isinstance(value, tuple):
        return [(1.5,), ("3",), (np.nan,), 3, None]
    if isinstance(value, list):
        return [3, "ids", b"ids", 1.5, {1: 2}, *([[[1.5]], [["a"]], [[np.nan]]] if isinstance(value[0], list) else [])]
    found = [
        value[None], np.float32(1), "numbers", value.astype(object), value.astype(complex), value.astype(np.str_),
        [[1.0, 2.0], [3.0]], csr_array(value.reshape(len(value), -1)),
        np.ma.masked_array(value, np.ones(value.shape, bool)),
        {"x": 1}, value.astype("datetime64[s]") if value.dtype.kind in "iu" else 1j * value,
    ]  # fmt: skip
    if value.dtype.kind in "fiu":
        spoilt = [np.where(np.arange(value.size).reshape(value.shape) == 1, bad, value) for bad in (np.nan, np.inf)]
        return found + spoilt + [value.astype(np.float64) + 0.5] * (value.dtype.kind in "iu")
    return found


def doubtful(value):
    """Things that may be answered or refused, and nothing else."""
    if isinstance(value, str | Fresh | bool):
        return []
    if isinstance(value, int):
        return [-1, 0, 10**30, -(10**30), np.int64(2), np.uint8(3), np.array(2), torch.empty((), device="meta")]
    if isinstance(value, float):
        return [-1.0, 0, 1e300, 1e-300, np.inf, -np.inf, np.float32(0.5), 10**400]
    if isinstance(value, torch.Tensor):
        found = [value[:0], value[:-1], value.to(torch.int32), value.bool(), value.double(), value.transpose(0, -1)]
        found += [torch.full(value.shape, bad) for bad in (np.nan, np.inf)]
        return [*found, value.to(torch.float8_e4m3fn), value.clone().float().requires_grad_()]
    if isinstance(value, tuple):
        return [(), (0,), (-1,)]
    if isinstance(value, list):
        return [
            [],
            value[:-1],
            [*value, value[0]],
            [[-1]] * len(value),
            [-1],
            [10**30],
            value * 2,
            tuple(value),
            [None],
        ]
    wide = np.concatenate([value, value], axis=-1)
    found = [value[:0], value[:-1], np.concatenate([value, value[:1]]), wide, value[..., :1], value[..., :0], value.T]
    found += [np.asfortranarray(value), value[::-1], value[::2], -value.astype(np.int64), value.tolist()]
    if value.dtype.kind in "fiu":
        found += [
            value.astype(np.longdouble if value.dtype.kind == "f" else np.uint64),
            value.astype(value.dtype.newbyteorder(">")),
        ]
        found += [torch.empty(value.shape, device="meta"), torch.from_numpy(value.astype(np.float32)).requires_grad_()]
    found += [value.astype(np.float64) * 1e300, value.astype(np.float64) * 1e-300, value.astype(np.int64) * 2**60]
    return [*found, value.astype(bool), value.astype(np.float16), value.astype(np.int8), value + value.dtype.type(1)]


MAY_STAND = {
    # a score may be infinite; of a query without positives it is NaN; candidates are looked at when they are read
    ("evaluation.average_precision.mean", "values"): "nan",
    ("search.coarse_to_fine.CoarseToFine", "descriptors"): "nan inf",
    # a query without value is NaN; one row may stand for (1, queries)
    ("evaluation.intervals.Resampling.values", "per_query"): "nan",
    ("evaluation.intervals.Resampling.interval", "per_query"): "nan",
    ("evaluation.intervals.Resampling.difference", "per_query"): "nan",
    ("evaluation.intervals.Resampling.difference", "baseline"): "nan shape",
    ("evaluation.intervals.ends", "values"): "nan inf shape",
    **{(f"evaluation.{name}", "scores"): "inf shape" for name in (
        "average_precision.expected_average_precision", "ranking.rank", "roc.roc", "roc.choose_threshold",
        "visual_match.visual_match")},
    ("evaluation.roc.roc", "thresholds"): "inf", ("evaluation.visual_match.share_below", "distances"): "inf",
    ("search.neighbours.Nearest", "distances"): "inf", ("search.neighbours.Nearest.of_pairs", "distances"): "inf",
    ("evaluation.visual_match.recall_at_1", "matches"): "shape",
    # any number of dimensions, a column or a row as MATLAB has them, and what may be left out
    ("features.whitening.Whitening.apply", "x"): "shape", ("features.unit_vectors.l2", "x"): "shape list",
    ("features.whitening.from_arrays", "mean"): "shape", ("features.whitening.from_arrays", "eigenvalues"): "shape",
    ("features.whitening.Whitening.apply", "dims"): "none", ("search.binary_ivf.BinaryIVF.build", "n_cells"): "none",
    ("models.simnet_training.refine", "limit"): "none", ("models.simnet_training.find_difficult", "limit"): "none",
    ("models.simnet.as_descriptors", "d"): "none", ("models.temporal_encoder.TemporalEncoder", "forget_bias"): "none",
}  # fmt: skip


def good(arguments, **change):
    merged = arguments | change
    return {name: value.make() if isinstance(value, Fresh) else value for name, value in merged.items()}


def refusal(function, arguments):
    """Whether a call was refused; any exception but a `UserError` goes through."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            function(**arguments)
        except UserError:
            return True
    return False


@pytest.mark.parametrize("name", TABLE)
def test_a_good_call_is_answered(name):
    function, arguments = TABLE[name]
    assert not refusal(function, good(arguments))


@pytest.mark.parametrize("name", TABLE)
def test_what_means_nothing_is_refused_and_nothing_else_is_raised(name):
    function, arguments = TABLE[name]
    wrong = []
    for argument, value in arguments.items():
        for kind, hostile in [("must", meaningless(value)), ("may", doubtful(value))]:
            for thing in hostile:
                what = f"{argument}={np.array2string(thing, threshold=6) if isinstance(thing, np.ndarray) else thing!r}"
                try:
                    refused = refusal(function, good(arguments, **{argument: thing}))
                except Exception as error:
                    wrong.append(f"{what[:150]}: {type(error).__name__}: {str(error)[:120]}")
                    continue
                if kind == "must" and not refused and not _stands(name, argument, thing):
                    wrong.append(f"{what[:150]}: taken")
    assert not wrong, "\n" + "\n".join(wrong)


def _stands(name, argument, thing):
    if isinstance(thing, np.ndarray) and thing.dtype.kind == "U" and "labels" in argument and "roc" not in name:
        return True  # classes may have names
    stands = MAY_STAND.get((name, argument), "")
    if isinstance(thing, np.ndarray) and thing.dtype.kind == "f" and not np.isfinite(thing).all():
        return ("nan" in stands and np.isnan(thing).any()) or ("inf" in stands and np.isinf(thing).any())
    kind = "none" if thing is None else "list" if isinstance(thing, list) else "shape"
    return kind in stands and not (isinstance(thing, torch.Tensor) and (thing.is_sparse or thing.is_complex()))
