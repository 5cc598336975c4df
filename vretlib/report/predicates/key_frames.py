"""Claims of paper 002: key frames, aggregated features and coarse-to-fine retrieval."""

from itertools import pairwise

from vretlib.report.predicates.comparisons import Comparison, StatedSize, limit
from vretlib.report.predicates.vocabulary import Book, ScaleError, beats, claim, compared_cells, leads, magnitude, ratio

NTU, TREC = "5", "6"  # the tables of the two datasets
NAMES = {NTU: "The NTU", TREC: "The 2001 TREC"}  # in Table 2
COUNT, RATE = "Number of key frames", "Frames per second"
MIN_RATE = 13.7  # of the 2001 TREC's clips: 544,275 frames of 11 hours at most


def _across(book: Book, column: str, relation: str) -> list[Comparison]:
    """Each method on the 2001 TREC against itself on the NTU."""
    ntu, trec = book[NTU], book[TREC]
    return [
        Comparison(
            f"{row}, {column}: {NAMES[TREC]} against {NAMES[NTU]}", trec[row, column], relation, ntu[row, column]
        )
        for row in book.rerun(NTU)
    ]


def _too_few(book: Book, number: str) -> str:
    """Why search times say little: Table 2 counts fewer key frames than in the paper. Empty if not fewer."""
    if book.printed:
        return ""
    found, printed = book["2"][COUNT, NAMES[number]], float(book.in_print("2").value(COUNT, NAMES[number]))
    return f"the collection has {found:,.0f} key frames, and the claim is about {printed:,.0f}" * (found < printed)


def _need_scale(book: Book, *numbers: str) -> None:
    for number in numbers:
        if why := _too_few(book, number):
            raise ScaleError(why)


@claim("002-01")
def best_on_ntu(book: Book) -> list[Comparison]:
    """The accuracy of the proposed method is above that of the best other method of Table 5."""
    return leads(book[NTU], "Ours", book.rerun(NTU, "Ours"), ["Acc"])


@claim("002-02")
def lead_over_df(book: Book) -> list[Comparison]:
    """The proposed method is more accurate than DF. The stated size of the difference is 0.05, to two decimals."""
    t = book[NTU]
    return [magnitude("Ours minus DF, Acc", t["Ours", "Acc"] - t["DF [16]", "Acc"], 0.05, to=0.01, over=0)]


@claim("002-03")
def short_descriptors_are_fastest(book: Book) -> list[Comparison]:
    """DFSP and DFSE are each faster than each of the other four methods of Table 5. Search times are judged among as
    many key frames as in the paper, or more.
    """
    _need_scale(book, NTU)
    t, fast = book[NTU], ("DFSP", "DFSE [27]")
    return [c for row in fast for c in beats(t, row, book.rerun(NTU, *fast), "Time (s)")]


@claim("002-04")
def accuracy_is_lower_on_trec(book: Book) -> list[Comparison]:
    """The accuracy of each method is lower on the 2001 TREC than on the NTU; "slightly" sets no threshold."""
    return _across(book, "Acc", "<")


@claim("002-05")
def time_is_longer_on_trec(book: Book) -> list[Comparison]:
    """The search time of each method is longer on the 2001 TREC than on the NTU; "much" sets no threshold. Search times
    are judged among as many key frames as in the paper, or more.
    """
    _need_scale(book, TREC)
    return _across(book, "Time (s)", ">")


@claim("002-06")
def best_on_trec(book: Book) -> list[Comparison]:
    """The accuracy of the proposed method is above that of the best other method of Table 6; "large margins" sets no
    threshold.
    """
    return leads(book[TREC], "Ours", book.rerun(TREC, "Ours"), ["Acc"])


@claim("002-07")
def fine_search_takes_time(book: Book) -> list[Comparison]:
    """The proposed method is slower than DFSP on either dataset; "slightly" sets no threshold. Search times are judged
    among as many key frames as in the paper, or more.
    """
    _need_scale(book, NTU, TREC)
    return [c for n in (NTU, TREC) for c in compared_cells(book[n], ("Ours", "Time (s)"), ">", ("DFSP", "Time (s)"))]


@claim("002-08")
def fine_search_raises_accuracy(book: Book) -> list[Comparison]:
    """The proposed method is more accurate than DFSP on either dataset; "greatly" sets no threshold."""
    return [c for n in (NTU, TREC) for c in compared_cells(book[n], ("Ours", "Acc"), ">", ("DFSP", "Acc"))]


@claim("002-09")
def pooling_is_effective(book: Book) -> list[Comparison]:
    """DFSP and the proposed method are more accurate than DF in Table 6; the printed sentence names DF twice."""
    return [c for row in ("DFSP", "Ours") for c in beats(book[TREC], row, "DF [16]", "Acc")]


@claim("002-10")
def df_is_slower(book: Book) -> list[Comparison]:
    """DF is slower than DFSP in Table 6. The stated size is 2 to 3 times. Search times are judged among as many key
    frames as in the paper, or more.
    """
    _need_scale(book, TREC)
    t, label = book[TREC], "time of DF over DFSP"
    slower = ratio(t["DF [16]", "Time (s)"], t["DFSP", "Time (s)"])
    return [Comparison(label, slower, ">", 1, sizes=(StatedSize(label, slower, 2, 3, "2 to 3 times", "times"),))]


@claim("002-11")
def encodings_lose_accuracy(book: Book) -> list[Comparison]:
    """DFSE and DFTA are less accurate than DF in Table 6, and faster. Search times are judged among as many key frames
    as in the paper, or more.
    """
    t, encodings = book[TREC], ("DFSE [27]", "DFTA [28]")
    accuracy = [c for row in encodings for c in beats(t, "DF [16]", row, "Acc")]
    if why := _too_few(book, TREC):
        book.untested.append(f"search times not testable at this scale: {why}")
        return accuracy
    return accuracy + [c for row in encodings for c in beats(t, row, "DF [16]", "Time (s)")]


@claim("002-12")
def key_frames_are_few(book: Book) -> list[Comparison]:
    """The compression ratio, which is the share of the frames that is removed, is above 96% on either dataset. That of
    the 2001 TREC is judged on videos of at least 13.7 frames a second, which its printed numbers need.
    """
    t, datasets = book["2"], list(NAMES.values())
    if not book.printed and RATE in t.rows and t[RATE, NAMES[TREC]] < MIN_RATE:
        datasets.remove(NAMES[TREC])
        rates = f"{t[RATE, NAMES[TREC]]:g} frames a second, and the paper has at least {MIN_RATE}"
        book.untested.append(f"{NAMES[TREC]} not testable: {rates}")
    return [
        limit(f"compression ratio, {dataset}", t["Compression ratio", dataset], ">", 0.96, "%") for dataset in datasets
    ]


@claim("002-13")
def threshold_trades_compression_for_accuracy(book: Book) -> list[Comparison]:
    """The columns are values of θ, the rows are Compression ratio and Accuracy. The ratio rises from each θ to the next
    up to 2, and stays within 0.01 of its value there. The accuracy is at most 0.02 below its first value up to θ = 1.4,
    and more than that below it afterwards. Both tolerances are this project's: the paper says "steady".
    """
    t = book["Figure 4"]
    thetas = t.along()
    found = []
    rising = [theta for theta in thetas if float(theta) <= 2]
    for before, after in pairwise(rising):
        a, b = t["Compression ratio", before], t["Compression ratio", after]
        found.append(Comparison(f"compression ratio, θ {before} to {after}", b, ">", a))
    for theta in thetas[len(rising) :] if rising else []:
        label = f"compression ratio, θ {rising[-1]} to {theta}"
        found.append(Comparison(label, t["Compression ratio", theta], "≈", t["Compression ratio", rising[-1]], 0.01))
    band = t["Accuracy", thetas[0]] - 0.02
    for theta in thetas[1:]:
        relation = ">=" if float(theta) <= 1.4 else "<"
        found.append(Comparison(f"accuracy at θ {theta}", t["Accuracy", theta], relation, band))
    return found
