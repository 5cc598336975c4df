"""Claims of paper 003: Faster R-CNN features for instance search."""

from vretlib.report.predicates.vocabulary import Book, ClaimTable, Comparison, beats, best, claim, gain, magnitude, near

OXFORD, PARIS, INS = "Oxford 5k", "Paris 6k", "INS 13"
NETWORKS = ("ZF (P)", "VGG16 (P)", "VGG16 (C)")
LITTLE = 0.02
"""mAP below which a change counts as "little" or "not significant" (Table 1's are at most 0.019)."""


def _gain(t: ClaimTable, row: str, column: str) -> float:
    """Relative gain over the plain ranking of the same column of Table 3."""
    return gain(t[row, column], t["No|No", column])


def _more_on_raw(t: ClaimTable, row: str, dataset: str) -> Comparison:
    raw, tuned = (_gain(t, row, f"{dataset}|{ft}") for ft in ("ft#1", "ft#2"))
    return Comparison(f"gain of {row} on {dataset}, raw against fine-tuned", raw, ">", tuned)


def _more_on_tuned(t: ClaimTable, row: str, dataset: str) -> Comparison:
    raw, tuned = (_gain(t, row, f"{dataset}|{ft}") for ft in ("ft#1", "ft#2"))
    return Comparison(f"gain of {row} on {dataset}, fine-tuned against raw", tuned, ">", raw)


@claim("003-01")
def sum_is_better_for_filtering(book: Book) -> list[Comparison]:
    """IPA-sum above IPA-max without reranking, on every dataset."""
    return beats(book["1"], "IPA-sum|None", "IPA-max|None")


@claim("003-02")
def max_is_better_for_reranking(book: Book) -> list[Comparison]:
    """RPA-max above RPA-sum after either filtering, on every dataset."""
    return [c for ipa in ("IPA-sum", "IPA-max") for c in beats(book["1"], f"{ipa}|RPA-max", f"{ipa}|RPA-sum")]


@claim("003-03")
def reranking_gains(book: Book) -> list[Comparison]:
    """RPA-max minus no reranking after IPA-sum: 0.10 on Oxford and 0.03 on Paris, to two decimals."""
    t = book["1"]
    return [
        magnitude(book, f"gain, {d}", t["IPA-sum|RPA-max", d] - t["IPA-sum|None", d], stated, to=0.01, over=0)
        for d, stated in ((OXFORD, 0.10), (PARIS, 0.03))
    ]


@claim("003-04")
def reranking_leaves_ins13(book: Book) -> list[Comparison]:
    """Either reranking within 0.02 mAP of none, after either filtering, on INS 13."""
    t = book["1"]
    return [
        near(f"{ipa}|{rpa} against none, {INS}", t[f"{ipa}|{rpa}", INS], t[f"{ipa}|None", INS], 2 * LITTLE)
        for ipa in ("IPA-sum", "IPA-max")
        for rpa in ("RPA-sum", "RPA-max")
    ]


@claim("003-05", asks="most")
def deeper_is_better(book: Book) -> list[Comparison]:
    """Either VGG16 above ZF at every stage and on every dataset."""
    t = book["2"]
    stages = [row.split("|", 1)[1] for row in t.rows_with("ZF (P)")]
    return [c for net in NETWORKS[1:] for s in stages for c in beats(t, f"{net}|{s}", f"ZF (P)|{s}")]


@claim("003-06")
def expansion_helps_after_reranking(book: Book) -> list[Comparison]:
    """QE above no QE after CA-SR, for every network and dataset."""
    return [c for net in NETWORKS for c in beats(book["2"], f"{net}|Yes|Yes", f"{net}|Yes|No")]


@claim("003-07")
def expansion_gains_more_after_reranking(book: Book) -> list[Comparison]:
    """The gain of mAP through QE with CA-SR above the one without, for every network, on INS 13."""
    t = book["2"]
    return [
        Comparison(
            f"gain of QE with against without CA-SR, {net}, {INS}",
            t[f"{net}|Yes|Yes", INS] - t[f"{net}|Yes|No", INS],
            ">",
            t[f"{net}|No|Yes", INS] - t[f"{net}|No|No", INS],
        )
        for net in NETWORKS
    ]


@claim("003-08")
def strategy_1_leaves_filtering(book: Book) -> list[Comparison]:
    """ft#1 columns of Table 3 equal VGG16 (C) of Table 2 without CS-SR, with and without QE, on every dataset."""
    raw, tuned = book["2"], book["3"]
    return [
        near(f"{r}|{qe}, {d}", tuned[f"{r}|{qe}", f"{d}|ft#1"], raw[f"VGG16 (C)|{ca}|{qe}", d], 0)
        for r, ca in (("No", "No"), ("CA-SR", "Yes"))
        for qe in ("No", "Yes")
        for d in raw.columns
    ]


@claim("003-09", asks="some")
def class_specific_reranking_may_harm(book: Book) -> list[Comparison]:
    """CS-SR below no reranking with strategy #1, on at least one dataset."""
    t = book["3"]
    return beats(t, "No|No", "CS-SR|No", t.columns_with("ft#1"))


@claim("003-10")
def class_specific_with_expansion_is_better(book: Book) -> list[Comparison]:
    """CS-SR + QE above CA-SR + QE with strategy #1 on Oxford and Paris."""
    return beats(book["3"], "CS-SR|Yes", "CA-SR|Yes", [f"{d}|ft#1" for d in (OXFORD, PARIS)])


@claim("003-11")
def class_specific_leaves_ins13(book: Book) -> list[Comparison]:
    """CS-SR no more than 0.02 mAP above no reranking with strategy #1 on INS 13, with and without QE."""
    t, column = book["3"], f"{INS}|ft#1"
    return [
        Comparison(f"gain of CS-SR, QE {qe}, {INS}", t[f"CS-SR|{qe}", column] - t[f"No|{qe}", column], "<=", LITTLE)
        for qe in ("No", "Yes")
    ]


@claim("003-12")
def strategy_2_beats_raw(book: Book) -> list[Comparison]:
    """Relative gain of ft#2 over ft#1 (which ranks as the raw network does) without reranking: 20%, 20%, 8%, the first
    two to five points, the third to one.
    """
    t = book["3"]
    return [
        magnitude(
            book, f"gain, {d}", gain(t["No|No", f"{d}|ft#2"], t["No|No", f"{d}|ft#1"]), stated, to=precision, over=0
        )
        for d, stated, precision in ((OXFORD, 0.20, 0.05), (PARIS, 0.20, 0.05), (INS, 0.08, 0.01))
    ]


@claim("003-13")
def agnostic_helps_raw_landmarks(book: Book) -> list[Comparison]:
    """Relative gain of CA-SR + QE larger with ft#1 than with ft#2 on Oxford and Paris (percentages not compared)."""
    return [_more_on_raw(book["3"], "CA-SR|Yes", dataset) for dataset in (OXFORD, PARIS)]


@claim("003-14")
def agnostic_helps_tuned_ins13(book: Book) -> list[Comparison]:
    """Relative gain of CA-SR + QE larger with ft#2 than with ft#1 on INS 13."""
    return [_more_on_tuned(book["3"], "CA-SR|Yes", INS)]


@claim("003-15")
def class_specific_behaves_alike(book: Book) -> list[Comparison]:
    """The two claims before, for CS-SR + QE: the same stages as there."""
    t = book["3"]
    return [_more_on_raw(t, "CS-SR|Yes", d) for d in (OXFORD, PARIS)] + [_more_on_tuned(t, "CS-SR|Yes", INS)]


@claim("003-16")
def class_specific_beats_agnostic(book: Book) -> list[Comparison]:
    """CS-SR + QE above CA-SR + QE in every column of Table 3."""
    return beats(book["3"], "CS-SR|Yes", "CA-SR|Yes")


@claim("003-17")
def others_beat_raw(book: Book) -> list[Comparison]:
    """Tolias et al. and Kalantidis et al. above the raw features on either dataset."""
    return [c for row in ("Tolias et al. [25]", "Kalantidis et al. [11]") for c in beats(book["4"], row, "Ours")]


@claim("003-18")
def gain_is_like_that_of_tolias(book: Book) -> list[Comparison]:
    """The relative gains, averaged over the datasets, agree within 2.5 points."""
    t = book["4"]
    ours, theirs = (
        sum(gain(t[after, d], t[before, d]) for d in t.columns) / len(t.columns)
        for after, before in (("Ours (+ CA-SR + QE)", "Ours"), ("Tolias et al. (+ R + QE) [25]", "Tolias et al. [25]"))
    )
    return [near("mean gain, Ours against Tolias et al.", ours, theirs, 0.05)]


@claim("003-19")
def fine_tuned_is_competitive(book: Book) -> list[Comparison]:
    """The ft#2 rows at least level with the best other work on either dataset, with and without reranking or QE."""
    t = book["4"]
    others = [row for row in t.rows if not row.startswith("Ours")]
    found = []
    for ours, later in (("Ours (ft#2)", False), ("Ours (ft#2) (+ CS-SR + QE)", True)):
        group = [row for row in others if ("QE" in row) == later]
        found += [c for d in t.columns for c in beats(t, ours, best(t, group, d), d, ties=True)]
    return found
