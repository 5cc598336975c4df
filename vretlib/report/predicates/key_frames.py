"""Claims of paper 002: key frames, aggregated features and coarse-to-fine retrieval."""

from itertools import pairwise

from vretlib.report.predicates.vocabulary import Book, Comparison, beats, claim, compare, magnitude, ratio

NTU, TREC = "5", "6"  # the tables of the two datasets


def _across(book: Book, column: str, relation: str) -> list[Comparison]:
    """Each method on the 2001 TREC against itself on the NTU."""
    ntu, trec = book[NTU], book[TREC]
    return [
        Comparison(f"{row}, {column}: 2001 TREC against NTU", trec[row, column], relation, ntu[row, column])
        for row in ntu.rows
    ]


@claim("002-01")
def best_on_ntu(book: Book) -> list[Comparison]:
    """Accuracy of the proposed method above that of each other method, Table 5."""
    return beats(book[NTU], "Ours", book[NTU].besides("Ours"), "Acc")


@claim("002-02")
def lead_over_df(book: Book) -> list[Comparison]:
    """The difference of accuracy to DF is 0.05, to two decimals."""
    t = book[NTU]
    return [magnitude(book, "Ours minus DF, Acc", t["Ours", "Acc"] - t["DF [16]", "Acc"], 0.05, to=0.01, over=0)]


@claim("002-03")
def short_descriptors_are_fastest(book: Book) -> list[Comparison]:
    """DFSP and DFSE each faster than each of the other four methods, Table 5."""
    t, fast = book[NTU], ("DFSP", "DFSE [27]")
    return [c for row in fast for c in beats(t, row, t.besides(*fast), "Time (s)")]


@claim("002-04")
def accuracy_is_lower_on_trec(book: Book) -> list[Comparison]:
    """Each method's accuracy lower on the 2001 TREC; "slightly" sets no threshold."""
    return _across(book, "Acc", "<")


@claim("002-05")
def time_is_longer_on_trec(book: Book) -> list[Comparison]:
    """Each method's search time longer on the 2001 TREC; "much" sets no threshold."""
    return _across(book, "Time (s)", ">")


@claim("002-06")
def best_on_trec(book: Book) -> list[Comparison]:
    """Accuracy of the proposed method above that of each other method, Table 6; "large margins" sets no threshold."""
    return beats(book[TREC], "Ours", book[TREC].besides("Ours"), "Acc")


@claim("002-07")
def fine_search_takes_time(book: Book) -> list[Comparison]:
    """The proposed method slower than DFSP on either dataset."""
    return [c for n in (NTU, TREC) for c in compare(book[n], ("Ours", "Time (s)"), ">", ("DFSP", "Time (s)"))]


@claim("002-08")
def fine_search_raises_accuracy(book: Book) -> list[Comparison]:
    """The proposed method more accurate than DFSP on either dataset."""
    return [c for n in (NTU, TREC) for c in compare(book[n], ("Ours", "Acc"), ">", ("DFSP", "Acc"))]


@claim("002-09")
def pooling_is_effective(book: Book) -> list[Comparison]:
    """DFSP and the proposed method more accurate than DF, Table 6 (the printed sentence names DF twice)."""
    return [c for row in ("DFSP", "Ours") for c in beats(book[TREC], row, "DF [16]", "Acc")]


@claim("002-10")
def df_is_slower(book: Book) -> list[Comparison]:
    """The search time of DF divided by that of DFSP lies between 2 and 3, Table 6."""
    t = book[TREC]
    slower = ratio(t["DF [16]", "Time (s)"], t["DFSP", "Time (s)"])
    return [magnitude(book, "DF over DFSP, time, 2 to 3", slower, 2.5, to=1, over=1)]


@claim("002-11")
def encodings_lose_accuracy(book: Book) -> list[Comparison]:
    """DFSE and DFTA less accurate and faster than DF, Table 6."""
    t, encodings = book[TREC], ("DFSE [27]", "DFTA [28]")
    accuracy = [c for row in encodings for c in beats(t, "DF [16]", row, "Acc")]
    return accuracy + [c for row in encodings for c in beats(t, row, "DF [16]", "Time (s)")]


@claim("002-12")
def key_frames_are_few(book: Book) -> list[Comparison]:
    """The compression ratio above 96% on every dataset."""
    t = book["2"]
    return [
        Comparison(f"compression ratio, {dataset}", t["Compression ratio", dataset], ">", 0.96) for dataset in t.columns
    ]


@claim("002-13")
def threshold_trades_compression_for_accuracy(book: Book) -> list[Comparison]:
    """Along θ (columns; rows Compression ratio, Accuracy): the ratio rises up to 2 and then stays within 0.01; the
    accuracy stays within 0.02 of its first value up to 1.4 and is below that band afterwards.
    """
    t = book["Figure 4"]
    thetas = t.along()
    found = []
    for before, after in pairwise(thetas):
        a, b = t["Compression ratio", before], t["Compression ratio", after]
        rising = float(after) <= 2
        label = f"compression ratio, θ {before} to {after}"
        found.append(Comparison(label, b, ">", a) if rising else Comparison(label, b, "≈", a, 0.01))
    band = t["Accuracy", thetas[0]] - 0.02
    for theta in thetas[1:]:
        relation = ">=" if float(theta) <= 1.4 else "<"
        found.append(Comparison(f"accuracy at θ {theta}", t["Accuracy", theta], relation, band))
    return found
