"""Claims of the thesis' chapter 3: similarity networks."""

from itertools import pairwise

from vretlib.report.predicates.comparisons import Comparison
from vretlib.report.predicates.vocabulary import (
    Book,
    ClaimTable,
    ScaleError,
    beats,
    best,
    claim,
    compared_cells,
    gain,
    leads,
    magnitude,
)

LINEAR = ("OASIS", "Linear (0.2)")
MARGINS = ("SimNet* (0.2)", "SimNet* (0.4)", "SimNet* (0.6)", "SimNet* (0.8)")
NETWORKS = ("SimNet (0.2)", *MARGINS)
OURS = "Ours (∆ = 0.8)"
OWN_COLUMNS = ("Dim", "Similarity")  # of Tables 3.4 and 3.5; the others are datasets
SUFFICIENT = {"OXFORD5K": 100, "PARIS6K": 250}
"""Target images that the thesis finds sufficient to beat the cosine."""


def _datasets(t: ClaimTable) -> list[str]:
    return [column for column in t.columns if column not in OWN_COLUMNS]


@claim("004-01")
def largest_network_is_best(book: Book) -> list[Comparison]:
    """Configuration C has a lower MSE and a higher correlation than each of the three others."""
    return beats(book["3.1"], "C", book.rerun("3.1", "C"), ("MSE", "ρ"))


@claim("004-02", asks="all but one")
def networks_beat_linear_methods(book: Book) -> list[Comparison]:
    """The best similarity network is above the best trained linear method in each evaluation."""
    _note_single_trainings(book)
    return leads(book["3.2"], NETWORKS, LINEAR, book["3.2"].columns)


@claim("004-03")
def simnet_beats_cosine_with_targets(book: Book) -> list[Comparison]:
    """SimNet*, trained with LANDMARKS-EXTRA, is above cosine on all three sets with each of the four margins."""
    columns = book["3.2"].columns_with("LANDMARKS-EXTRA")
    _note_single_trainings(book)
    return [c for row in MARGINS for c in beats(book["3.2"], row, "Cosine", columns)]


@claim("004-04")
def improvement_over_cosine(book: Book) -> list[Comparison]:
    """The best SimNet* is above cosine. The stated size is a relative gain of 20% on OXFORD5K and of 40% on PARIS6K,
    each to the nearest percent.
    """
    _note_single_trainings(book)
    t, found = book["3.2"], []
    for dataset, stated in (("OX5K", 0.2), ("PA6K", 0.4)):
        column = f"LANDMARKS-EXTRA|{dataset}"
        value = gain(t[best(t, MARGINS, column), column], t["Cosine", column])
        found.append(magnitude(f"best gain over cosine, {dataset}", value, stated, to=0.01, over=0, unit="%"))
    return found


@claim("004-05")
def networks_beat_cosine_with_few_targets(book: Book) -> list[Comparison]:
    """SimNet, and SimNet* with each margin, are above cosine on all three sets if trained with LANDMARKS-EXTRA500."""
    columns = book["3.2"].columns_with("LANDMARKS-EXTRA500")
    _note_single_trainings(book)
    return [c for row in NETWORKS for c in beats(book["3.2"], row, "Cosine", columns)]


@claim("004-06")
def cosine_is_best_without_targets(book: Book) -> list[Comparison]:
    """Cosine is above each other method that is trained with LANDMARKS, on the two sets that show other landmarks (LA5K
    shows the landmarks of the training images).
    """
    _note_single_trainings(book)
    return beats(book["3.2"], "Cosine", book.rerun("3.2", "Cosine"), ("LANDMARKS|OX5K", "LANDMARKS|PA6K"))


@claim("004-07")
def networks_help_every_feature(book: Book) -> list[Comparison]:
    """SimNet and SimNet* (columns) are above Cosine on every feature (rows), and the relative gain of SimNet* is
    largest on the feature with the lowest cosine.
    """
    _note_single_trainings(book)
    t = book["Figure 3.4"]
    found = [
        c for row in t.rows for n in ("SimNet", "SimNet*") for c in compared_cells(t, (row, n), ">", (row, "Cosine"))
    ]
    weakest = min(t.rows, key=lambda row: t[row, "Cosine"])
    gains = {row: gain(t[row, "SimNet*"], t[row, "Cosine"]) for row in t.rows}
    others = [row for row in t.rows if row != weakest]
    return found + [Comparison(f"gain on {weakest}, against {o}", gains[weakest], ">", gains[o]) for o in others]


@claim("004-08")
def few_targets_suffice(book: Book) -> list[Comparison]:
    """The rows are OXFORD5K and PARIS6K, the columns Cosine and numbers of target images. Each number from 100 images
    of OXFORD5K and from 250 images of PARIS6K on is above Cosine, and no number is below a smaller one. A smaller
    collection may ask for fewer images (`sufficient_targets`), never for more.
    """
    t, found = book["Figure 3.5"], []
    _note_single_trainings(book)
    sizes, asked = t.along("Cosine"), book.context.get("sufficient_targets", {})
    for row in t.rows:
        needed = min(asked.get(row, SUFFICIENT[row]), SUFFICIENT[row])
        if not any(float(n) >= needed for n in sizes):
            raise ScaleError(f"the curve of {row} ends at {sizes[-1]} target images, and the claim starts at {needed}")
        if needed < SUFFICIENT[row]:
            book.notes.append(f"{needed} images of {row} stand for the {SUFFICIENT[row]} of the thesis")
        found += [c for n in sizes if float(n) >= needed for c in compared_cells(t, (row, n), ">", (row, "Cosine"))]
        found += [c for few, more in pairwise(sizes) for c in compared_cells(t, (row, more), ">=", (row, few))]
    return found


def _over_cosine(book: Book, row: str, stated: float) -> list[Comparison]:
    """A row of Table 3.3 is above cosine on every set, and its largest gain has the stated size."""
    _note_single_trainings(book)
    t = book["3.3"]
    largest = max((gain(t[row, d], t["MAC|Cosine", d]) for d in t.columns), key=float)
    return [
        *beats(t, row, "MAC|Cosine"),
        magnitude(f"largest gain of {row}", largest, stated, to=0.01, over=0, unit="%"),
    ]


@claim("004-09")
def network_on_mac_beats_cosine(book: Book) -> list[Comparison]:
    """The first SimNet row is above cosine on every set. The stated size of its largest relative gain is 25%, to
    the nearest percent.
    """
    return _over_cosine(book, "MAC|SimNet (1st)", 0.25)


@claim("004-10")
def end_to_end_beats_cosine(book: Book) -> list[Comparison]:
    """The second SimNet row (end to end) is above cosine on every set, and above the first, whose descriptor stays as
    it is: otherwise the gain would be that of the network alone. The stated size of its largest relative gain over
    cosine is 40%, to the nearest percent.
    """
    together = "MAC|SimNet (2nd)"
    return _over_cosine(book, together, 0.40) + beats(book["3.3"], together, "MAC|SimNet (1st)")


def _note_single_trainings(book: Book) -> None:
    """Say beside a verdict on obtained numbers that no spread over seeds is in it."""
    if not book.printed:
        book.notes.append("these numbers are of one training each; the seeds in Table 3.2 show what others change")


@claim("004-11")
def best_off_the_shelf(book: Book) -> list[Comparison]:
    """SimNet* is above the best of the previous methods on every dataset. On obtained numbers these are the methods of
    Table 3.4 that were rerun on the same images; cosine on SimNet*'s own descriptors is none of them.
    """
    _note_single_trainings(book)
    return leads(book["3.4"], OURS, book.rerun("3.4", OURS), _datasets(book["3.4"]))


@claim("004-12")
def beats_radenovic(book: Book) -> list[Comparison]:
    """SimNet* is above Radenović et al., whose features it uses, on every dataset."""
    return beats(book["3.5"], OURS, "Radenović et al., 2016", _datasets(book["3.5"]))


@claim("004-13")
def rank_among_fine_tuned(book: Book) -> list[Comparison]:
    """SimNet* is first on OXFORD5K. On OXFORD105K and PARIS106K it is below Gordo et al. 2017 and above the best of the
    rest.
    """
    t, gordo, others = book["3.5"], "Gordo et al., 2017", book.rerun("3.5", OURS)
    found = leads(t, OURS, others, ["Ox5k"])
    for column in ("Ox105k", "Pa106k"):
        found += compared_cells(t, (gordo, column), ">", (OURS, column))
        found += leads(t, OURS, [other for other in others if other != gordo], [column])
    return found
