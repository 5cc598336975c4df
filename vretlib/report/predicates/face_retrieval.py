"""Claims of paper 000: Faster R-CNN features for image-to-video face retrieval."""

from math import isnan

from vretlib.report.predicates.comparisons import Comparison, limit, rounded
from vretlib.report.predicates.vocabulary import Book, ClaimTable, ScaleError, beats, claim, compared_cells, leads

NETWORKS = ("VGG16 (P)", "VGG16 (C)", "VGG16 (F-S)", "VGG16 (F-F)")
RAW, FINE_TUNED = NETWORKS[:2], NETWORKS[2:]
POOLINGS = ("max", "sum")


def _rows(networks: tuple[str, ...]) -> list[str]:
    return [f"{network}|{pooling}" for network in networks for pooling in POOLINGS]


def _datasets(t: ClaimTable) -> list[str]:
    return list(dict.fromkeys(column.split("|")[0] for column in t.columns))


def _named_nobody(book: Book) -> bool:
    """Whether the page says that its fine-tuned detectors name nobody: a held-out mAP less than .05 above chance."""
    return not book.printed and book.context.get("people named", 1) < 0.05


def _rankings_against(t: ClaimTable, stages: tuple[str, ...]) -> list[Comparison]:
    """Ranking alone is at least as high as each of these stages, in every row and dataset."""
    return [
        comparison
        for row in t.rows
        for dataset in _datasets(t)
        for stage in stages
        for comparison in compared_cells(t, (row, f"{dataset}|Ranking"), ">=", (row, f"{dataset}|{stage}"))
    ]


@claim("000-01")
def cosine_is_best(book: Book) -> list[Comparison]:
    """Cosine is at least equal to each other metric for either pooling at every stage; "close" sets no threshold."""
    t, found = book["1"], []
    for pooling in POOLINGS:
        cosine = f"Cosine|{pooling}"
        elsewhere = (row for row in book.in_print("1").rows if not row.endswith(f"|{pooling}"))
        found += beats(t, cosine, book.rerun("1", cosine, *elsewhere), ties=True)
    return found


@claim("000-02")
def sum_pooling_beats_max(book: Book) -> list[Comparison]:
    """Sum is above max for every network, dataset and stage: the strong form of Section 3, not the conclusion's."""
    return [c for network in NETWORKS for c in beats(book["2"], f"{network}|sum", f"{network}|max")]


@claim("000-03")
def coco_beats_pascal(book: Book) -> list[Comparison]:
    """VGG16 (C) is above VGG16 (P) for either pooling, on every dataset and at every stage."""
    return [c for p in POOLINGS for c in beats(book["2"], f"VGG16 (C)|{p}", f"VGG16 (P)|{p}")]


@claim("000-04")
def ranking_alone_is_best(book: Book) -> list[Comparison]:
    """Ranking is at least as high as the better of Reranking and QE, in each row and dataset."""
    t, found = book["2"], []
    for row in t.rows:
        for dataset in _datasets(t):
            later = max(f"{dataset}|Reranking", f"{dataset}|QE", key=lambda column: t[row, column])
            found += compared_cells(t, (row, f"{dataset}|Ranking"), ">=", (row, later))
    return found


@claim("000-05")
def reranking_and_expansion_do_not_help(book: Book) -> list[Comparison]:
    """Neither Reranking nor QE is above Ranking, in any row and dataset of Table 2."""
    return _rankings_against(book["2"], ("Reranking", "QE"))


@claim("000-06")
def face_detection_does_not_help(book: Book) -> list[Comparison]:
    """Y-Celeb-Faces is not above Y-Celeb, in any row and at any stage."""
    t = book["2"]
    stages = ("Ranking", "Reranking", "QE")
    return [
        c
        for row in t.rows
        for s in stages
        for c in compared_cells(t, (row, f"Y-Celeb-Faces|{s}"), "<=", (row, f"Y-Celeb|{s}"))
    ]


@claim("000-07")
def face_detection_is_faster(book: Book) -> list[Comparison]:
    """The online ranking of Y-Celeb-Faces takes less time than that of Y-Celeb. The stated sizes are 2.4 and 3.7
    seconds, to one decimal.
    """
    stated, times = {"Y-Celeb-Faces": 2.4, "Y-Celeb": 3.7}, book["timings"]
    found = {name: times[name, "online ranking"] for name in stated}
    sizes = tuple(rounded(name, found[name], seconds, to=0.1, unit="s") for name, seconds in stated.items())
    label = "online ranking, Y-Celeb-Faces against Y-Celeb"
    return [Comparison(label, found["Y-Celeb-Faces"], "<", found["Y-Celeb"], sizes=sizes)]


@claim("000-08")
def fine_tuning_helps_later_stages(book: Book) -> list[Comparison]:
    """The best fine-tuned row is above the best raw row in every column of Reranking and QE; "slightly" sets no
    threshold. Detectors whose fine-tuning taught them no identities do not test it.
    """
    if _named_nobody(book):
        raise ScaleError("the fine-tuned detectors name none of their own people on held-out pictures")
    t = book["2"]
    columns = [column for stage in ("Reranking", "QE") for column in t.columns_with(stage)]
    return leads(t, _rows(FINE_TUNED), _rows(RAW), columns)


@claim("000-09")
def coco_ranking_is_best_of_all(book: Book) -> list[Comparison]:
    """Ranking with VGG16 (C) is at least as high as the Ranking of any other network, on each dataset."""
    t = book["2"]
    if _named_nobody(book):
        book.untested.append("fine-tuning to people is not tested, because it taught the detectors no identities")
    ours = [f"VGG16 (C)|{p}" for p in POOLINGS]
    return leads(t, ours, book.rerun("2", *ours), t.columns_with("Ranking"), ties=True)


@claim("000-10")
def fisher_vectors_prefer_max(book: Book) -> list[Comparison]:
    """Max is above sum in Table 3, for either network and at every stage."""
    return [c for network in RAW for c in beats(book["3"], f"{network}|max", f"{network}|sum")]


@claim("000-11")
def fisher_vectors_stay_below_ten_percent(book: Book) -> list[Comparison]:
    """Every mAP of Table 3 is below 10%."""
    t = book["3"]
    return [limit(f"{row}, {column}", t[row, column], "<", 0.1, "%") for row in t.rows for column in t.columns]


@claim("000-12")
def bag_of_words_is_poor(book: Book) -> list[Comparison]:
    """Every mAP of Table 4 is below that of the raw features of the same network, pooling and stage in Table 2."""
    bow, raw = book["4"], book["2"]
    return [
        Comparison(f"BOVW against raw, {row}, {column}", bow[row, column], "<", raw[row, column])
        for row in bow.rows
        for column in bow.columns
        if not isnan(bow.get(row, column))
    ]


@claim("000-13")
def raw_features_beat_encodings(book: Book) -> list[Comparison]:
    """The raw features are above their FV and BOVW versions on either dataset; "largely" sets no threshold."""
    return beats(book["5"], "Faster R-CNN features", ("Faster R-CNN features + FV", "Faster R-CNN features +BOVW"))


@claim("000-14")
def raw_features_beat_published_methods(book: Book) -> list[Comparison]:
    """The raw features are above each published method on YouTube Faces."""
    own = [row for row in book.in_print("5").rows if row.startswith("Faster R-CNN")]
    return beats(book["5"], "Faster R-CNN features", book.rerun("5", *own), "YouTube Faces Database")
