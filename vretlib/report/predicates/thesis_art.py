"""Claims of the thesis' chapter 7: semantic art understanding."""

from vretlib.report.predicates.comparisons import Comparison, limit, rounded
from vretlib.report.predicates.vocabulary import Book, beats, claim, leads

BAG = "BOWc|BOWa"
RESNETS = ("ResNet50", "ResNet152")
CCA, CML = "CCA|MLPc|MLPa", "CML|MLPc|MLPa"
CML_BAG = "CML|BOWc|BOWa"
EASY, DIFFICULT = "7.6", "7.7"
HUMAN, CML_PLAYER, CCA_PLAYER = "Human|-|-|-", "CML|ResNet50|BOWc|BOWa", "CCA|ResNet152|MLPc|MLPa"


def _tasks(columns: list[str]) -> list[str]:
    """Columns that measure something: all but the dimension."""
    return [column for column in columns if column != "Dim"]


@claim("004-32")
def deepest_layer_is_best(book: Book) -> list[Comparison]:
    """VGG16 FC3 is better than FC1 and FC2 by every measure."""
    t = book["7.3"]
    return beats(t, "VGG16 FC3", ("VGG16 FC1", "VGG16 FC2"), _tasks(t.columns))


@claim("004-33")
def resnets_are_best(book: Book) -> list[Comparison]:
    """The better ResNet is better than the best other encoder by every measure."""
    t = book["7.3"]
    return leads(t, RESNETS, book.rerun("7.3", *RESNETS), _tasks(t.columns))


@claim("004-34")
def bag_of_words_is_best(book: Book) -> list[Comparison]:
    """Bags of words are better than each other encoding by every measure; "close" sets no threshold."""
    return beats(book["7.4"], BAG, book.rerun("7.4", BAG))


@claim("004-35")
def recurrent_encoders_are_worse(book: Book) -> list[Comparison]:
    """Each encoding without an LSTM is better than each with one, by every measure."""
    t, rows = book["7.4"], book.rerun("7.4")
    recurrent = [row for row in rows if "LSTM" in row]
    return [c for row in rows if row not in recurrent for c in beats(t, row, recurrent)]


@claim("004-36")
def cml_is_best(book: Book) -> list[Comparison]:
    """CML with bags of words is better than each other model by every measure."""
    return beats(book["7.5"], CML_BAG, book.rerun("7.5", CML_BAG))


@claim("004-37")
def cca_is_worst(book: Book) -> list[Comparison]:
    """Each other model, except for Random, is better than CCA by every measure."""
    return [c for row in book.rerun("7.5", CCA, "Random|-|-") for c in beats(book["7.5"], row, CCA)]


@claim("004-38")
def attributes_do_not_help(book: Book) -> list[Comparison]:
    """CML is at least as good as each AMD variant with the same text encodings, by every measure."""
    others = (row for row in book.in_print("7.5").rows if not row.startswith("AMD"))
    return beats(book["7.5"], CML, book.rerun("7.5", *others), ties=True)


@claim("004-39")
def humans_find_it_difficult(book: Book) -> list[Comparison]:
    """Human accuracy is higher at the easy than at the difficult level, for every type of painting and in total."""
    easy, difficult = book[EASY], book[DIFFICULT]
    return [
        Comparison(f"humans, {column}, easy against difficult", easy[HUMAN, column], ">", difficult[HUMAN, column])
        for column in easy.columns
    ]


@claim("004-40")
def cml_is_ten_points_below_humans(book: Book) -> list[Comparison]:
    """Humans are at most ten points above CML in total, at either level. The stated sizes are also CML's accuracies:
    75% at the easy level and 62% at the difficult one.
    """
    column, found = "Text-to-Image|Total", []
    for level, n, stated in (("easy", EASY, 0.75), ("difficult", DIFFICULT, 0.62)):
        human, model = book[n][HUMAN, column], book[n][CML_PLAYER, column]
        own = (rounded(f"CML, {level}", model, stated, to=0.01, unit="%"),)
        found.append(limit(f"humans minus CML, {level}", human - model, "<=", 0.10, "points", own))
    return found


@claim("004-41")
def cml_beats_cca(book: Book) -> list[Comparison]:
    """CML is above CCA at either level, for every type of painting and in total."""
    return [c for n in (EASY, DIFFICULT) for c in beats(book[n], CML_PLAYER, CCA_PLAYER)]
