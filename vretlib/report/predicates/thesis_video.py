"""Claims of the thesis' chapters 4 and 5: image-to-video retrieval with binary features."""

import math

from vretlib.report.predicates.comparisons import REVERSED, Comparison, in_unit, limit, rounded
from vretlib.report.predicates.vocabulary import Book, NeedsError, ScaleError, beats, claim, equal_to, magnitude, ratio

BRUTE, TREE, KEY_FRAME = "Bi-BruteForce", "Bi-KdTree", "Bi-KeyFrame-KdTree"
AGGREGATED, SIFT = "Bi-Aggregation-KdTree", "SIFT-Aggregation-KdTree"
ALL_B = "R@1|all B"  # brute force visits everything: one number for every B
TOTAL = "Total"
SIMILAR = 0.08
"""R@1 within which "similar" holds: the largest difference to brute force that the thesis calls so (0.98 and 0.90)."""

BOUND = 0.085  # of the loss of R@1, in Figure 5.4
HALF_A_DIGIT = 0.005  # by which a printed R@1 may be rounded
GROWTH = 35  # times, from 200,000 to 7 million frames
FILMS = 40  # in MoviesDB


@claim("004-14")
def moviesdb_has_most_queries(book: Book) -> list[Comparison]:
    """MoviesDB has more query images than each other dataset."""
    t = book["4.1"]
    return beats(t, "MoviesDB (Ours)", t.besides("MoviesDB (Ours)"), "#Queries")


@claim("004-15")
def binary_systems_are_similar(book: Book) -> list[Comparison]:
    """R@1 of the three tree systems on binary features differs from that of brute force by 0.08 at most, at every B.
    The thesis calls a difference of 0.08 (0.98 and 0.90) similar, and no larger one.
    """
    t = book["5.1"]
    visits = [column for column in t.columns_with("R@1") if column != ALL_B]
    return [
        Comparison(f"{row}, {column} against brute force", t[row, column], "≈", t[BRUTE, ALL_B], SIMILAR)
        for row in (TREE, KEY_FRAME, AGGREGATED)
        for column in visits
    ]


@claim("004-16")
def aggregation_saves_memory(book: Book) -> list[Comparison]:
    """Each system takes more memory than Bi-Aggregation. The stated sizes are 42.5 times for Bi-BruteForce and
    Bi-KdTree and 12.5 times for Bi-KeyFrame, to one decimal.
    """
    t, found = book["5.1"], []
    for row, stated in ((BRUTE, 42.5), (TREE, 42.5), (KEY_FRAME, 12.5)):
        times = ratio(t[row, "Mem"], t[AGGREGATED, "Mem"])
        label = f"memory of {row} over {AGGREGATED}"
        found.append(magnitude(label, times, stated, to=0.1, over=1, unit="times"))
    return found


@claim("004-17")
def aggregated_sift_is_worse(book: Book) -> list[Comparison]:
    """R@1 of aggregated SIFT is below that of aggregated binary features, at every B; "considerably" sets no
    threshold.
    """
    t = book["5.1"]
    return beats(t, AGGREGATED, SIFT, [column for column in t.columns_with("R@1") if column != ALL_B])


@claim("004-18")
def key_features_of_all_are_few(book: Book) -> list[Comparison]:
    """The key features of 40 films are fewer than the features of one film, the average ones of the collection. A
    smaller collection is not judged more kindly: the key features of its average film are counted 40 times.
    """
    t = book["5.2"]
    n = len(t.besides(TOTAL))
    label = f"key features of {FILMS} films against features of one, averages of {n} films"
    return [Comparison(label, FILMS * t[TOTAL, "KFeat"] / n, "<", t[TOTAL, "Feat"] / n)]


@claim("004-19")
def best_films(book: Book) -> list[Comparison]:
    """The total R@1 is 0.87, to two decimals, and Intolerable Cruelty, the lower of the two named films, is above each
    other film. The stated sizes are 0.87 in total, 0.98 of The Help and 0.97 of Intolerable Cruelty.
    """
    t, named = book["5.2"], {"The Help": 0.98, "Intolerable Cruelty": 0.97}
    values = {film: t[film, "R@1"] for film in named}
    lower = min(values, key=lambda film: values[film])
    sizes = tuple(rounded(f"R@1 of {film}", values[film], stated, to=0.01) for film, stated in named.items())
    total = equal_to("total R@1", t[TOTAL, "R@1"], 0.87, to=0.01, sizes=sizes)
    return [total, *beats(t, lower, t.besides(TOTAL, *named), "R@1")]


@claim("004-20")
def dark_films_are_worst(book: Book) -> list[Comparison]:
    """R@1 of each dark film is at most that of each other film. ``context["dark"]`` names the dark films of another
    collection.
    """
    t = book["5.2"]
    printed = ("Captain Phillips", "Pirates of the Caribbean")
    dark = printed if book.printed else book.fact("dark", "the titles of the films with very dark scenes")
    others = t.besides(TOTAL, *dark)
    if not dark or not others:
        raise NeedsError("dark films and other films in table 5.2")
    return [Comparison(f"{d} against {o}", t[d, "R@1"], "<=", t[o, "R@1"]) for d in dark for o in others]


@claim("004-21")
def growth_costs_little(book: Book) -> list[Comparison]:
    """The film that loses most in Figure 5.4 (rows films, columns frames in the database) loses less than 8.5% of its
    R@1 from the smallest database to the largest, which has 35 times more frames. A database that grows less may refute
    the claim and cannot support it. The figure has no printed numbers. The loss of The Devil Wears Prada from Table 5.1
    (one film, B = 50) to Table 5.2 (40 films) cannot stand in: the rounding of the two cells allows losses on either
    side of the bound.
    """
    if book.printed:
        alone, grown = book["5.1"][AGGREGATED, "R@1|B=50"], book["5.2"]["The Devil Wears Prada", "R@1"]
        least, most = (1 - ratio(grown + half, alone - half) for half in (HALF_A_DIGIT, -HALF_A_DIGIT))
        allowed = f"{in_unit(least, '%')} to {in_unit(most, '%')}"
        raise NeedsError(
            f"the numbers of Figure 5.4; the rounded cells of Tables 5.1 and 5.2 allow a loss of {allowed}"
        )
    t, losses, growths = book["Figure 5.4"], [], []
    for film in t.rows:
        sizes = [c for c in t.along() if not math.isnan(t.get(film, c))]
        if len(sizes) < 2:
            raise NeedsError(f'two database sizes or more for "{film}" in Figure 5.4')
        growths.append(float(sizes[-1]) / float(sizes[0]))
        losses.append(_loss(f"{film}, database {growths[-1]:.1f} times larger", t[film, sizes[0]], t[film, sizes[-1]]))
    worst = max(losses, key=lambda loss: float(loss.left))
    if min(growths) < GROWTH and worst.direction != REVERSED:
        raise ScaleError(f"the database grows {min(growths):.1f} times, and the claim is about {GROWTH} times")
    return [worst]


def _loss(label: str, before: float, after: float) -> Comparison:
    return limit(f"loss of {label}", 1 - ratio(after, before), "<", BOUND, "%")
