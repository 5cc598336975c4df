"""Claims of the thesis' chapter 3: similarity networks."""

from itertools import pairwise

from vretlib.report.predicates.vocabulary import (
    Book,
    ClaimTable,
    Comparison,
    beats,
    best,
    claim,
    compare,
    gain,
    leads,
    magnitude,
)

LINEAR = ("OASIS", "Linear (0.2)")
MARGINS = ("SimNet* (0.2)", "SimNet* (0.4)", "SimNet* (0.6)", "SimNet* (0.8)")
NETWORKS = ("SimNet (0.2)", *MARGINS)
OURS = "Ours (∆ = 0.8)"
OWN_COLUMNS = ("Dim", "Similarity")  # of Tables 3.4 and 3.5; the others are datasets


def _datasets(t: ClaimTable) -> list[str]:
    return [column for column in t.columns if column not in OWN_COLUMNS]


@claim("004-01")
def largest_network_is_best(book: Book) -> list[Comparison]:
    """C with the lowest MSE and the highest correlation of the four configurations."""
    return beats(book["3.1"], "C", book["3.1"].besides("C"), ("MSE", "ρ"))


@claim("004-02", asks="all but one")
def networks_beat_linear_methods(book: Book) -> list[Comparison]:
    """The best similarity network above the best trained linear method, evaluation by evaluation."""
    return leads(book["3.2"], NETWORKS, LINEAR, book["3.2"].columns)


@claim("004-03")
def simnet_beats_cosine_with_targets(book: Book) -> list[Comparison]:
    """SimNet* with each of the four margins above cosine on all three sets, trained with LANDMARKS-EXTRA."""
    columns = book["3.2"].columns_with("LANDMARKS-EXTRA")
    return [c for row in MARGINS for c in beats(book["3.2"], row, "Cosine", columns)]


@claim("004-04")
def improvement_over_cosine(book: Book) -> list[Comparison]:
    """Relative gain of the best SimNet* over cosine: 20% on OXFORD5K and 40% on PARIS6K, to five points."""
    t, found = book["3.2"], []
    for dataset, stated in (("OX5K", 0.2), ("PA6K", 0.4)):
        column = f"LANDMARKS-EXTRA|{dataset}"
        value = gain(t[best(t, MARGINS, column), column], t["Cosine", column])
        found.append(magnitude(book, f"best gain over cosine, {dataset}", value, stated, to=0.05, over=0))
    return found


@claim("004-05")
def networks_beat_cosine_with_few_targets(book: Book) -> list[Comparison]:
    """SimNet, and SimNet* with each margin, above cosine on all three sets, trained with LANDMARKS-EXTRA500."""
    columns = book["3.2"].columns_with("LANDMARKS-EXTRA500")
    return [c for row in NETWORKS for c in beats(book["3.2"], row, "Cosine", columns)]


@claim("004-06")
def cosine_is_best_without_targets(book: Book) -> list[Comparison]:
    """Cosine above every other method when trained with LANDMARKS, on the two sets from elsewhere (not LA5K)."""
    t = book["3.2"]
    return beats(t, "Cosine", t.besides("Cosine"), ("LANDMARKS|OX5K", "LANDMARKS|PA6K"))


@claim("004-07")
def networks_help_every_feature(book: Book) -> list[Comparison]:
    """SimNet and SimNet* above Cosine (columns) on every feature (rows); SimNet* gains most where cosine is lowest."""
    t = book["Figure 3.4"]
    found = [c for row in t.rows for n in ("SimNet", "SimNet*") for c in compare(t, (row, n), ">", (row, "Cosine"))]
    weakest = min(t.rows, key=lambda row: t[row, "Cosine"])
    gains = {row: gain(t[row, "SimNet*"], t[row, "Cosine"]) for row in t.rows}
    others = [row for row in t.rows if row != weakest]
    return found + [Comparison(f"gain on {weakest}, against {o}", gains[weakest], ">", gains[o]) for o in others]


@claim("004-08")
def few_targets_suffice(book: Book) -> list[Comparison]:
    """Rows OXFORD5K, PARIS6K; columns Cosine and numbers of target images: above Cosine from 100 and from 250 images
    on, or from as many as `sufficient_targets` says of a collection of another size, and never lower with more images.
    """
    t, found = book["Figure 3.5"], []
    sizes = t.along("Cosine")
    sufficient_targets = book.context.get("sufficient_targets", {"OXFORD5K": 100, "PARIS6K": 250})
    for row in t.rows:
        found += [
            c for n in sizes if float(n) >= sufficient_targets[row] for c in compare(t, (row, n), ">", (row, "Cosine"))
        ]
        found += [c for few, more in pairwise(sizes) for c in compare(t, (row, more), ">=", (row, few))]
    return found


def _over_cosine(book: Book, row: str, stated: float) -> list[Comparison]:
    """A row of Table 3.3 above cosine on every set, the largest gain being the stated one."""
    t = book["3.3"]
    largest = max(gain(t[row, d], t["MAC|Cosine", d]) for d in t.columns)
    return [
        *beats(t, row, "MAC|Cosine"),
        magnitude(book, f"largest gain of {row}", largest, stated, to=0.05, over=0),
    ]


@claim("004-09")
def network_on_mac_beats_cosine(book: Book) -> list[Comparison]:
    """The first SimNet row above cosine on every set; its largest relative gain is 25%, to five points."""
    return _over_cosine(book, "MAC|SimNet (1st)", 0.25)


@claim("004-10")
def end_to_end_beats_cosine(book: Book) -> list[Comparison]:
    """The second SimNet row (end to end) above cosine on every set; its largest gain is 40%, to five points."""
    return _over_cosine(book, "MAC|SimNet (2nd)", 0.40)


@claim("004-11")
def best_off_the_shelf(book: Book) -> list[Comparison]:
    """SimNet* above the best previous method, dataset by dataset."""
    t = book["3.4"]
    return leads(t, OURS, t.besides(OURS), _datasets(t))


@claim("004-12")
def beats_radenovic(book: Book) -> list[Comparison]:
    """SimNet* above Radenović et al., whose features it uses, on every dataset."""
    return beats(book["3.5"], OURS, "Radenović et al., 2016", _datasets(book["3.5"]))


@claim("004-13")
def rank_among_fine_tuned(book: Book) -> list[Comparison]:
    """SimNet* first on OXFORD5K; on OXFORD105K and PARIS106K below Gordo et al. 2017 and above the best of the rest."""
    t, gordo = book["3.5"], "Gordo et al., 2017"
    found = leads(t, OURS, t.besides(OURS), ["Ox5k"])
    for column in ("Ox105k", "Pa106k"):
        found += compare(t, (gordo, column), ">", (OURS, column))
        found += leads(t, OURS, t.besides(OURS, gordo), [column])
    return found
