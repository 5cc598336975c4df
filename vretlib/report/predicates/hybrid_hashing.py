"""Claims of paper 001: Hybrid Video and Image Hashing. Its tables are numbered 1-4 here, I-IV in print."""

from vretlib.report.predicates.comparisons import Comparison
from vretlib.report.predicates.vocabulary import Book, ClaimTable, beats, best, claim, compared_cells, leads

JOINT = "joint image and video"
TRADITIONAL = ("LSH [14]", "SH [39]", "ITQ [15]", "SITQ [15]", "BRE [21]", "KSH [28]")
DEEP = ("DNNH [22]", "DSH [26]", "HashNet [6]", "SSDH [42]", "DVC [31]", "HVIH")
PAIRS_AND_TRIPLETS = ("DSH [26]", "HashNet [6]", "DNNH [22]")


def _lengths(t: ClaimTable) -> list[str]:
    """Code lengths that both datasets have."""
    return [column.split("|")[1] for column in t.columns_with("UMDFaces")]


def _lead(t: ClaimTable, row: str, other: str, column: str) -> float:
    return t[row, column] - t[other, column]


@claim("001-01", asks="most")
def joint_beats_single(book: Book) -> list[Comparison]:
    """The joint model (without VCA) is above the better single model at most code lengths of either dataset."""
    return leads(book["2"], JOINT, ("single-image", "single-video"), book["2"].columns)


@claim("001-02")
def joint_gains_more_on_umdfaces(book: Book) -> list[Comparison]:
    """The joint model's lead in mAP over each single model is larger on UMDFaces than on YouTube Celebrities, at each
    code length.
    """
    t = book["2"]
    return [
        Comparison(
            f"lead over {single} at {bits}, UMDFaces against YouTube Celebrities",
            _lead(t, JOINT, single, f"UMDFaces|{bits}"),
            ">",
            _lead(t, JOINT, single, f"YouTube Celebrities|{bits}"),
        )
        for single in ("single-image", "single-video")
        for bits in _lengths(t)
    ]


@claim("001-03")
def image_beats_video(book: Book) -> list[Comparison]:
    """Single-image is above single-video at every code length of either dataset."""
    return beats(book["2"], "single-image", "single-video")


@claim("001-04", asks="some")
def image_sometimes_beats_joint(book: Book) -> list[Comparison]:
    """Single-image is above the joint model on YouTube Celebrities at one code length or more."""
    t = book["2"]
    return beats(t, "single-image", JOINT, t.columns_with("YouTube Celebrities"))


@claim("001-05", asks="most")
def center_alignment_helps(book: Book) -> list[Comparison]:
    """The joint model with VCA (++) is above the one without at most code lengths of either dataset."""
    return beats(book["2"], f"{JOINT} ++", JOINT)


@claim("001-06", asks="most")
def deep_beats_traditional(book: Book) -> list[Comparison]:
    """A deep method is above a traditional one in most pairs of methods and columns of Table III."""
    return [c for deep in DEEP for c in beats(book["3"], deep, TRADITIONAL)]


@claim("001-07", asks="most")
def hvih_is_best_for_videos(book: Book) -> list[Comparison]:
    """HVIH is above the best other method in most columns of Table III."""
    return leads(book["3"], "HVIH", book.rerun("3", "HVIH"), book["3"].columns)


@claim("001-08")
def hvih_leads_by_more_on_umdfaces(book: Book) -> list[Comparison]:
    """HVIH's lead in mAP over the best other method is larger on UMDFaces than on YouTube Celebrities, at each code
    length.
    """
    t, others = book["3"], book.rerun("3", "HVIH")

    def lead(column: str) -> float:
        return _lead(t, "HVIH", best(t, others, column), column)

    return [
        Comparison(
            f"lead at {bits}, UMDFaces against YouTube Celebrities",
            lead(f"UMDFaces|{bits}"),
            ">",
            lead(f"YouTube Celebrities|{bits}"),
        )
        for bits in _lengths(t)
    ]


@claim("001-09", asks="most")
def ssdh_beats_pairs_and_triplets(book: Book) -> list[Comparison]:
    """SSDH is above DSH, HashNet and DNNH in most columns of Table III."""
    return beats(book["3"], "SSDH [42]", PAIRS_AND_TRIPLETS)


@claim("001-10")
def dvc_beats_pairs_and_triplets(book: Book) -> list[Comparison]:
    """DVC is above DSH, HashNet and DNNH in every column of Table III."""
    return beats(book["3"], "DVC [31]", PAIRS_AND_TRIPLETS)


@claim("001-11")
def dvc_stays_below_hvih(book: Book) -> list[Comparison]:
    """HVIH is above DVC in every column of Table III."""
    return beats(book["3"], "HVIH", "DVC [31]")


@claim("001-12", asks="most")
def hvih_is_best_for_images(book: Book) -> list[Comparison]:
    """HVIH is above the best other method in most columns of Table IV; "significantly" sets no threshold."""
    return leads(book["4"], "HVIH", book.rerun("4", "HVIH"), book["4"].columns)


@claim("001-13", asks="most")
def alignment_weight_is_not_critical(book: Book) -> list[Comparison]:
    """The rows are datasets, the columns "without VCA" and values of λ2. The mAP is above "without VCA" at most values
    shown, which stand for "a large range".
    """
    t = book["Figure 6"]
    return [
        c
        for row in t.rows
        for w in t.along("without VCA")
        for c in compared_cells(t, (row, w), ">", (row, "without VCA"))
    ]
