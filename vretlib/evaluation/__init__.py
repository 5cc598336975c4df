"""How good a ranking is: average precision, recall, ROC, visual match.

Rankings, positives and junk are ids, one row or collection for each query: lists, numpy arrays or torch tensors.
Rankings and overlaps of boxes are tensors where what they come from is one; measures are plain numbers and arrays.
"""

from typing import TYPE_CHECKING

from vretlib.lazy import on_demand

if TYPE_CHECKING:
    from vretlib.evaluation.average_precision import average_precisions, expected_average_precision
    from vretlib.evaluation.average_precision import mean as mean_over_queries
    from vretlib.evaluation.intervals import Resampling
    from vretlib.evaluation.localisation import iou, localise
    from vretlib.evaluation.methods import Method, Variant, compare
    from vretlib.evaluation.ranking import find_positives, rank
    from vretlib.evaluation.recall import hit_rate_at, median_rank, precision_at, recall_at
    from vretlib.evaluation.revisited import evaluate as evaluate_revisited
    from vretlib.evaluation.roc import choose_threshold
    from vretlib.evaluation.roc import roc as roc_curve
    from vretlib.evaluation.visual_match import score as visual_similarity

__all__ = [
    "Method",
    "Resampling",
    "Variant",
    "average_precisions",
    "choose_threshold",
    "compare",
    "evaluate_revisited",
    "expected_average_precision",
    "find_positives",
    "hit_rate_at",
    "iou",
    "localise",
    "mean_over_queries",
    "median_rank",
    "precision_at",
    "rank",
    "recall_at",
    "roc_curve",
    "visual_similarity",
]

__getattr__, __dir__ = on_demand(__name__)
