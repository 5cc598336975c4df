"""Claims of the thesis' chapter 6: the spatio-temporal encoder."""

from vretlib.report.predicates.comparisons import Comparison
from vretlib.report.predicates.vocabulary import Book, beats, claim, compared_cells, magnitude, near, ratio

LSTM, GRU = "Temporal Encoder (LSTM)", "Temporal Encoder (GRU)"
EMBEDDINGS = ("Spatio-Temporal-LSTM (Ours)", "Spatio-Temporal-GRU (Ours)")
OTHER_FEATURES = ("RMAC", "FV [2]", "Edge Histogram [1]", "JDC [1]", "PHOG [1]")  # of Table 6.1, all but deep ones
POOLINGS = ("Sum-Pool", "LSTM")


@claim("004-22")
def rmac_is_comparable_to_fv(book: Book) -> list[Comparison]:
    """RMAC's mAP is at least level with FV's on either set ("comparable"), and FV is larger. The stated size is 8
    times.
    """
    t = book["6.1"]
    times = ratio(t["FV [2]", "dim"], t["RMAC", "dim"])
    memory = magnitude("dimensions of FV over RMAC", times, 8, to=1, over=1, unit="times")
    return [*beats(t, "RMAC", "FV [2]", t.columns_with("mAP"), ties=True), memory]


@claim("004-23")
def rmac_beats_deep_features(book: Book) -> list[Comparison]:
    """RMAC's mAP is above that of each other deep feature on either set; "by far" sets no threshold."""
    return beats(book["6.1"], "RMAC", book.rerun("6.1", *OTHER_FEATURES), book["6.1"].columns_with("mAP"))


@claim("004-24")
def encoder_beats_pooling(book: Book) -> list[Comparison]:
    """Either encoder is above max-pooling and sum-pooling in every column that has them; "considerably" sets no
    threshold.
    """
    return [c for row in (LSTM, GRU) for c in beats(book["6.2"], row, ("Max-Pooling", "Sum-Pooling"))]


@claim("004-25")
def each_cell_has_its_set(book: Book) -> list[Comparison]:
    """GRU is above LSTM on SI2V-600k, LSTM is above GRU on VB-600k, and the two are equal on MoviesDB, to the three
    decimals that are printed.
    """
    t = book["6.2"]
    first = beats(t, GRU, LSTM, t.columns_with("SI2V-600k")) + beats(t, LSTM, GRU, t.columns_with("VB-600k"))
    equal = [near(f"LSTM against GRU, {c}", t[LSTM, c], t[GRU, c], 0.001) for c in t.columns_with("MoviesDB")]
    return first + equal


@claim("004-26")
def shots_help(book: Book) -> list[Comparison]:
    """Random and proposed boundaries are above no boundaries, for sum-pooling and for LSTM."""
    return [
        c for p in POOLINGS for sbd in ("Rand.", "Our") for c in beats(book["6.3"], f"{p}, {sbd} SBD", f"{p}, No SBD")
    ]


@claim("004-27")
def proposed_shots_beat_random(book: Book) -> list[Comparison]:
    """The proposed boundaries are above random ones, for sum-pooling and for LSTM; "considerably" sets no threshold."""
    return [c for p in POOLINGS for c in beats(book["6.3"], f"{p}, Our SBD", f"{p}, Rand. SBD")]


@claim("004-28")
def lstm_beats_sum_with_shots(book: Book) -> list[Comparison]:
    """LSTM is above sum-pooling with random and with proposed boundaries."""
    return [c for sbd in ("Rand.", "Our") for c in beats(book["6.3"], f"LSTM, {sbd} SBD", f"Sum-Pool, {sbd} SBD")]


@claim("004-29")
def embeddings_beat_compact_methods(book: Book) -> list[Comparison]:
    """Either embedding has fewer dimensions than each reported method. Where the method has an mAP, the embedding's is
    above it on SI2V-600k ("superior") and at least level with it on VB-600k ("comparable"). On obtained numbers these
    are the methods of Table 6.4 that were rerun on the same clips.
    """
    t, others = book["6.4"], book.rerun("6.4", *EMBEDDINGS)
    smaller = [c for row in EMBEDDINGS for o in others for c in compared_cells(t, (row, "dim"), "<", (o, "dim"))]
    sets = [column for column in t.columns if column != "dim"]
    return smaller + [c for row in EMBEDDINGS for s in sets for c in beats(t, row, others, s, ties=s == "VB-600k")]


@claim("004-30")
def embeddings_are_128_times_smaller(book: Book) -> list[Comparison]:
    """Scene FV* has more dimensions than either embedding. The stated size is exactly 128 times."""
    t, scene = book["6.4"], "Scene FV* [2]"
    return [
        magnitude(f"{scene} over {row}", ratio(t[scene, "dim"], t[row, "dim"]), 128, to=0, over=1, unit="times")
        for row in EMBEDDINGS
    ]


@claim("004-31")
def memory_for_1080_hours(book: Book) -> list[Comparison]:
    """Each other method takes more memory than the proposed one, whose memory for 160 hours is scaled to 1080 hours.
    The stated sizes are 1 GB, and 20, 10 and 3 times that for the others, all to whole numbers. The numbers are in the
    prose only.
    """
    t = book["hyperparameters"]
    needed = t["ch. 6: memory of the proposed method", "value"] * t["ch. 6: hours of SI2V-4M and VB-4M", "value"] / 160
    found = [magnitude("memory for 1080 hours", needed, 1, to=1, over=0, unit="GB")]
    for name, stated in (("FV* without aggregation", 20), ("the Bloom filters", 10), ("Scene FV*", 3)):
        times = ratio(t[f"ch. 6: memory of {name}", "value"], needed)
        found.append(magnitude(f"{name} over ours", times, stated, to=1, over=1, unit="times"))
    return found
