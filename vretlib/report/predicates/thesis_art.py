"""Claims of the thesis' chapter 7: semantic art understanding."""

from vretlib.report.predicates.vocabulary import Book, Comparison, beats, claim, leads

BAG, PERCEPTRON = "BOWc|BOWa", "MLPc|MLPa"
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
    """VGG16 FC3 better than FC1 and FC2 by every measure."""
    t = book["7.3"]
    return beats(t, "VGG16 FC3", ("VGG16 FC1", "VGG16 FC2"), _tasks(t.columns))


@claim("004-33")
def resnets_are_best(book: Book) -> list[Comparison]:
    """The better ResNet better than the best other encoder, measure by measure."""
    t = book["7.3"]
    return leads(t, RESNETS, t.besides(*RESNETS), _tasks(t.columns))


@claim("004-34")
def bag_of_words_is_best(book: Book) -> list[Comparison]:
    """Bags of words better than each other encoding by every measure; "close" sets no threshold."""
    return beats(book["7.4"], BAG, book["7.4"].besides(BAG))


@claim("004-35")
def recurrent_encoders_are_worse(book: Book) -> list[Comparison]:
    """Each encoding without LSTM better than each with one, by every measure."""
    t = book["7.4"]
    recurrent = [row for row in t.rows if "LSTM" in row]
    return [c for row in t.besides(*recurrent) for c in beats(t, row, recurrent)]


@claim("004-36")
def cml_is_best(book: Book) -> list[Comparison]:
    """CML with bags of words better than each other row by every measure."""
    return beats(book["7.5"], CML_BAG, book["7.5"].besides(CML_BAG))


@claim("004-37")
def cca_is_worst(book: Book) -> list[Comparison]:
    """Each other model (but Random) better than CCA by every measure."""
    t = book["7.5"]
    return [c for row in t.besides(CCA, "Random|-|-") for c in beats(t, row, CCA)]


@claim("004-38")
def attributes_do_not_help(book: Book) -> list[Comparison]:
    """CML at least as good as each AMD variant with the same text encodings, by every measure."""
    t = book["7.5"]
    return beats(t, CML, [row for row in t.rows if row.startswith("AMD")], ties=True)


@claim("004-39")
def humans_find_it_difficult(book: Book) -> list[Comparison]:
    """Human accuracy higher on the easy than on the difficult level, for every type of painting and in total."""
    easy, difficult = book[EASY], book[DIFFICULT]
    return [
        Comparison(f"humans, {column}, easy against difficult", easy[HUMAN, column], ">", difficult[HUMAN, column])
        for column in easy.columns
    ]


@claim("004-40")
def cml_is_ten_points_below_humans(book: Book) -> list[Comparison]:
    """Humans minus CML, in total, at most 0.10 at either level (0.75 and 0.62 are the table's own cells)."""
    column = "Text-to-Image|Total"
    return [
        Comparison(f"humans minus CML, {level}", book[n][HUMAN, column] - book[n][CML_PLAYER, column], "<=", 0.10)
        for level, n in (("easy", EASY), ("difficult", DIFFICULT))
    ]


@claim("004-41")
def cml_beats_cca(book: Book) -> list[Comparison]:
    """CML above CCA at either level, for every type of painting and in total."""
    return [c for n in (EASY, DIFFICULT) for c in beats(book[n], CML_PLAYER, CCA_PLAYER)]
