"""Claims of the thesis' chapters 4 and 5: image-to-video retrieval with binary features."""

import math

from vretlib.report.predicates.vocabulary import Book, Comparison, NeedsError, beats, claim, magnitude, ratio

BRUTE, TREE, KEY_FRAME = "Bi-BruteForce", "Bi-KdTree", "Bi-KeyFrame-KdTree"
AGGREGATED, SIFT = "Bi-Aggregation-KdTree", "SIFT-Aggregation-KdTree"
ALL_B = "R@1|all B"  # brute force visits everything: one number for every B
TOTAL = "Total"
SIMILAR = 0.10
"""R@1 that "similar" allows: the thesis calls 0.90 to 0.98 similar, and 0.61 to 0.73 considerably worse."""


@claim("004-14")
def moviesdb_has_most_queries(book: Book) -> list[Comparison]:
    """MoviesDB with more query images than each other dataset."""
    t = book["4.1"]
    return beats(t, "MoviesDB (Ours)", t.besides("MoviesDB (Ours)"), "#Queries")


@claim("004-15")
def binary_systems_are_similar(book: Book) -> list[Comparison]:
    """R@1 of the three tree systems on binary features, at every B, at most 0.10 below brute force."""
    t = book["5.1"]
    visits = [column for column in t.columns_with("R@1") if column != ALL_B]
    lower_bound = t[BRUTE, ALL_B] - SIMILAR
    return [
        Comparison(f"{row}, {column} against brute force less {SIMILAR:g}", t[row, column], ">=", lower_bound)
        for row in (TREE, KEY_FRAME, AGGREGATED)
        for column in visits
    ]


@claim("004-16")
def aggregation_saves_memory(book: Book) -> list[Comparison]:
    """Memory of each system divided by that of Bi-Aggregation: 42.5, 42.5 and 12.5, to one decimal. On other films,
    which have other shots and other tracks, above 1.
    """
    t, found = book["5.1"], []
    for row, stated in ((BRUTE, 42.5), (TREE, 42.5), (KEY_FRAME, 12.5)):
        times = ratio(t[row, "Mem"], t[AGGREGATED, "Mem"])
        found.append(magnitude(book, f"memory of {row} over {AGGREGATED}", times, stated, to=0.1, over=1))
    return found


@claim("004-17")
def aggregated_sift_is_worse(book: Book) -> list[Comparison]:
    """R@1 of aggregated SIFT below that of aggregated binary features at every B; "considerably" sets no threshold."""
    t = book["5.1"]
    return beats(t, AGGREGATED, SIFT, [column for column in t.columns_with("R@1") if column != ALL_B])


@claim("004-18")
def key_features_of_all_are_few(book: Book) -> list[Comparison]:
    """Key features of the whole collection fewer than the features of its average film. Easier, the smaller the
    collection: the thesis has 40 films.
    """
    t = book["5.2"]
    films = t.besides(TOTAL)
    label = f"key features of all {len(films)} films against features of the average one"
    return [Comparison(label, t[TOTAL, "KFeat"], "<", t[TOTAL, "Feat"] / len(films))]


@claim("004-19")
def best_films(book: Book) -> list[Comparison]:
    """The total is 0.87 to two decimals; Intolerable Cruelty, the lower of the two named, above each other film."""
    t, named = book["5.2"], ("The Help", "Intolerable Cruelty")
    lower = min(named, key=lambda film: t[film, "R@1"])
    total = magnitude(book, "total R@1", t[TOTAL, "R@1"], 0.87, to=0.01, over=0)
    return [total, *beats(t, lower, t.besides(TOTAL, *named), "R@1")]


@claim("004-20")
def dark_films_are_worst(book: Book) -> list[Comparison]:
    """R@1 of each dark film at most that of each other film. Dark films of other collections: ``context["dark"]``."""
    t = book["5.2"]
    printed = ("Captain Phillips", "Pirates of the Caribbean")
    dark = printed if book.printed else book.fact("dark", "the titles of the films with very dark scenes")
    others = t.besides(TOTAL, *dark)
    if not dark or not others:
        raise NeedsError("dark films and other films in table 5.2")
    return [Comparison(f"{d} against {o}", t[d, "R@1"], "<=", t[o, "R@1"]) for d in dark for o in others]


@claim("004-21")
def growth_costs_little(book: Book) -> list[Comparison]:
    """The relative loss of R@1 below 8.5% for every film of Figure 5.4 (rows films, columns frames in the database),
    from its smallest database to its largest. The figure has no printed numbers: there the loss of The Devil Wears
    Prada from Table 5.1 (one film, B = 50) to Table 5.2 (40 films) stands in.
    """
    if book.printed:
        alone, grown = book["5.1"][AGGREGATED, "R@1|B=50"], book["5.2"]["The Devil Wears Prada", "R@1"]
        return [Comparison("loss of The Devil Wears Prada, Table 5.1 to 5.2", 1 - ratio(grown, alone), "<", 0.085)]
    t, found = book["Figure 5.4"], []
    for film in t.rows:
        sizes = [c for c in t.along() if not math.isnan(t.get(film, c))]
        if len(sizes) < 2:
            raise NeedsError(f'two database sizes or more for "{film}" in Figure 5.4')
        loss = 1 - ratio(t[film, sizes[-1]], t[film, sizes[0]])
        label = f"loss of {film}, database {float(sizes[-1]) / float(sizes[0]):.1f} times larger (the paper: 35 times)"
        found.append(Comparison(label, loss, "<", 0.085))
    return found
