"""Claims of the thesis' chapter 6: the spatio-temporal encoder."""

from vretlib.report.predicates.vocabulary import Book, Comparison, beats, claim, compare, magnitude, near, ratio

LSTM, GRU = "Temporal Encoder (LSTM)", "Temporal Encoder (GRU)"
EMBEDDINGS = ("Spatio-Temporal-LSTM (Ours)", "Spatio-Temporal-GRU (Ours)")
DEEP_FRAMES = ("AlexNet FC6 [2]", "AlexNet FC7 [2]", "VGG16 FC6 [2]", "VGG16 FC7 [2]")
POOLINGS = ("Sum-Pool", "LSTM")


@claim("004-22")
def rmac_is_comparable_to_fv(book: Book) -> list[Comparison]:
    """RMAC's mAP at least level with FV's on either set ("comparable" sets no threshold); FV 8 times larger."""
    t = book["6.1"]
    memory = magnitude(book, "dimensions of FV over RMAC", ratio(t["FV [2]", "dim"], t["RMAC", "dim"]), 8, to=1, over=1)
    return [*beats(t, "RMAC", "FV [2]", t.columns_with("mAP"), ties=True), memory]


@claim("004-23")
def rmac_beats_deep_features(book: Book) -> list[Comparison]:
    """RMAC's mAP above each other deep feature's on either set."""
    return beats(book["6.1"], "RMAC", DEEP_FRAMES, book["6.1"].columns_with("mAP"))


@claim("004-24")
def encoder_beats_pooling(book: Book) -> list[Comparison]:
    """Either encoder above max- and sum-pooling in every column that has them."""
    return [c for row in (LSTM, GRU) for c in beats(book["6.2"], row, ("Max-Pooling", "Sum-Pooling"))]


@claim("004-25")
def each_cell_has_its_set(book: Book) -> list[Comparison]:
    """GRU above LSTM on SI2V-600k, LSTM above GRU on VB-600k, equal (to two decimals) on MoviesDB."""
    t = book["6.2"]
    first = beats(t, GRU, LSTM, t.columns_with("SI2V-600k")) + beats(t, LSTM, GRU, t.columns_with("VB-600k"))
    equal = [near(f"LSTM against GRU, {c}", t[LSTM, c], t[GRU, c], 0.01) for c in t.columns_with("MoviesDB")]
    return first + equal


@claim("004-26")
def shots_help(book: Book) -> list[Comparison]:
    """Random and proposed boundaries above none, for sum-pooling and LSTM."""
    return [
        c for p in POOLINGS for sbd in ("Rand.", "Our") for c in beats(book["6.3"], f"{p}, {sbd} SBD", f"{p}, No SBD")
    ]


@claim("004-27")
def proposed_shots_beat_random(book: Book) -> list[Comparison]:
    """Proposed boundaries above random ones, for sum-pooling and LSTM; "considerably" sets no threshold."""
    return [c for p in POOLINGS for c in beats(book["6.3"], f"{p}, Our SBD", f"{p}, Rand. SBD")]


@claim("004-28")
def lstm_beats_sum_with_shots(book: Book) -> list[Comparison]:
    """LSTM above sum-pooling with random and with proposed boundaries."""
    return [c for sbd in ("Rand.", "Our") for c in beats(book["6.3"], f"LSTM, {sbd} SBD", f"Sum-Pool, {sbd} SBD")]


@claim("004-29")
def embeddings_beat_compact_methods(book: Book) -> list[Comparison]:
    """Either embedding smaller than each reported method and above its mAP on either set, where it is reported."""
    t = book["6.4"]
    others = t.besides(*EMBEDDINGS)
    smaller = [c for row in EMBEDDINGS for o in others for c in compare(t, (row, "dim"), "<", (o, "dim"))]
    sets = [column for column in t.columns if column != "dim"]
    return smaller + [c for row in EMBEDDINGS for c in beats(t, row, others, sets)]


@claim("004-30")
def embeddings_are_128_times_smaller(book: Book) -> list[Comparison]:
    """Dimensions of Scene FV* divided by those of either embedding: exactly 128."""
    t, scene = book["6.4"], "Scene FV* [2]"
    return [
        magnitude(book, f"{scene} over {row}", ratio(t[scene, "dim"], t[row, "dim"]), 128, to=0, over=1)
        for row in EMBEDDINGS
    ]


@claim("004-31")
def memory_for_1080_hours(book: Book) -> list[Comparison]:
    """0.15 GB for 160 hours, scaled to 1080 hours, is 1 GB; the other methods divided by that are 20, 10 and 3: all to
    one significant figure. The numbers are in the prose only.
    """
    t = book["hyperparameters"]
    needed = t["ch. 6: memory of the proposed method", "value"] * t["ch. 6: hours of SI2V-4M and VB-4M", "value"] / 160
    found = [magnitude(book, "GB for 1080 hours", needed, 1, to=1, over=0)]
    for name, stated, to in (("FV* without aggregation", 20, 10), ("the Bloom filters", 10, 10), ("Scene FV*", 3, 1)):
        times = ratio(t[f"ch. 6: memory of {name}", "value"], needed)
        found.append(magnitude(book, f"{name} over ours", times, stated, to=to, over=1))
    return found
