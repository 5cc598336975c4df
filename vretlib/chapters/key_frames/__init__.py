"""Paper 002: key frames by clustering, and coarse-to-fine search among them.

`describe` samples clips and runs them through a network, `select` chooses key frames (Algorithm 1), the functions of
`methods` and `lbtt` make the six methods of Tables 5 and 6, `ask` searches, and `tables` lays out what the paper
prints.
"""

from vretlib.chapters.key_frames import choices, examples, methods, pictures, queries, tables
from vretlib.chapters.key_frames.clips import EVERY_FRAME, DescribedClips, color_changes, describe, spread
from vretlib.chapters.key_frames.fisher import FisherEncoding
from vretlib.chapters.key_frames.lbtt import describe_clips as describe_binary
from vretlib.chapters.key_frames.lbtt import lbtt, six
from vretlib.chapters.key_frames.methods import Answers, Method, ask, df, dfse, dfsp, dfta, exact_descriptor, ours
from vretlib.chapters.key_frames.queries import DescribedQueries, Queries
from vretlib.chapters.key_frames.selection import THETAS, Selection, compression_by_rate, every_frame, select
from vretlib.video.cluster_key_frames import KeyFrameOptions
from vretlib.video.color_histogram import HistogramOptions

__all__ = [
    "EVERY_FRAME",
    "THETAS",
    "Answers",
    "DescribedClips",
    "DescribedQueries",
    "FisherEncoding",
    "HistogramOptions",
    "KeyFrameOptions",
    "Method",
    "Queries",
    "Selection",
    "ask",
    "choices",
    "color_changes",
    "compression_by_rate",
    "describe",
    "describe_binary",
    "df",
    "dfse",
    "dfsp",
    "dfta",
    "every_frame",
    "exact_descriptor",
    "examples",
    "lbtt",
    "methods",
    "ours",
    "pictures",
    "queries",
    "select",
    "six",
    "spread",
    "tables",
]
