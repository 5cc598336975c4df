"""Parts of comments on things that are not visible, such as painter, patron, church and dates; and on technique."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from embedded.paintings.chance import Chance
from embedded.paintings.names import CITIES, person
from embedded.paintings.painters import Painter
from embedded.paintings.phrases import Slots

MUSEUMS = (
    "the Louvre",
    "the Prado",
    "the Uffizi",
    "the Hermitage",
    "the National Gallery, London",
    "the Rijksmuseum",
    "the Alte Pinakothek",
    "the Metropolitan Museum",
    "the Kunsthistorisches Museum",
    "a private collection",
    "the Accademia",
    "the Mauritshuis",
    "the Brera",
)

SENTENCES: list[str] = [
    (
        "<painter> {was born in <city> in <born>|came from <city>|was born near <city>, the "
        "{son|child} of a {goldsmith|baker|painter|tailor}}"
    ),
    (
        "{the|this} {painting|picture|work} {was|was probably} {commissioned|ordered} by "
        "<patron> {for|for the chapel of|for the palace of} <family> in <city>"
    ),
    "<painter> {was active|worked|settled|is documented} in <city> {in|around|before|after} <year>",
    "<painter> {was a pupil of|studied under|was trained by|was influenced by|admired} <other>",
    (
        "{the attribution to <painter> is doubtful|the attribution to <painter> has been "
        "questioned|<other> has also been proposed as the author}"
    ),
    (
        "{the painting is signed and dated|the picture is signed|it bears the signature of "
        "<painter> and the date <year>|it is signed {lower left|lower right|on the back}}"
    ),
    "{a second version is|another version is|a copy is|a preparatory drawing is|the pendant is} in <museum>",
    (
        "{the painting|it} {was in|remained in|passed to|came from} the collection of <patron> "
        "{until|before|after|since} <year>"
    ),
    (
        "{the church of|the monastery of|the chapel of} <church> in <city> {was destroyed|was "
        "rebuilt|was consecrated} in <year>"
    ),
    (
        "in <year> <painter> {travelled to|went to|returned from|moved to} <othercity>{|, "
        "where the works of <other> left a deep impression}"
    ),
    (
        "{this type of picture was|such paintings were|works of this kind were} {popular|much "
        "in demand|sought after} in <city> {at that time|in those years|in the <century> "
        "century}"
    ),
    (
        "{little is known|not much is known|almost nothing is known} {about|of} the "
        "{life|early years|training} of <painter>"
    ),
    (
        "{scholars|critics|historians} {disagree about|have long discussed|differ on} the "
        "{date|meaning|purpose|original place} of the {work|picture|painting}"
    ),
    (
        "{the picture|the painting|the work} {has been restored|was cleaned|was cut down|was "
        "enlarged} {in the <century> century|in recent times|more than once}"
    ),
    "{it is one of the|this is among the} {earliest|last|finest|best known|most mature} works of <painter>",
    (
        "<patron> {was|had been} {a wealthy merchant|a patron of the arts|bishop|a banker|an "
        "officer|a friend of the painter|governor of <city>}"
    ),
    "{the companion piece|the pendant} {has been lost|is now in <museum>|was sold in <year>}",
    (
        "{the theme|the subject|the motif} {goes back to|derives from|was taken from|can be "
        "traced to} {a print by <other>|a composition by <other>|the Golden Legend|Ovid's "
        "Metamorphoses|the Gospel of St {Luke|John|Matthew}|an antique model}"
    ),
    (
        "{the influence of|the example of|the art of} <other> {is evident|is unmistakable|can "
        "be felt}{| here| in this work}"
    ),
    (
        "{the painting|this work} {belongs to|is part of|formed part of} a "
        "{series|cycle|group} of {four|six|twelve|several} {pictures|scenes|canvases}"
    ),
    (
        "{at that time|in those years|by then} <painter> {ran|directed|had} a {large|busy} "
        "workshop in <city>{| with many assistants}"
    ),
    (
        "{the <school> painters of the <century> century|<school> painters|masters of the "
        "<school> school} {often|rarely|gladly|repeatedly} {treated this subject|turned to "
        "such themes|painted such scenes}"
    ),
    (
        "{it was shown to|it was refused by|the painting was presented to} the "
        "{court|town|public} {in|in} <year>{| and caused a scandal| and was praised by "
        "those who saw it}"
    ),
    "the {identity|name} of the {donor|model|owner|patron} is {not known|unknown|a matter of debate}",
    "{the inscription|a label on the back|an old inventory} {names|mentions} <patron>{| and the year <year>}",
    (
        "in <year> <painter> {married the daughter of <other>|lost an only son|quarrelled with "
        "<other>|fell ill|fell into debt|was made court painter}"
    ),
    (
        "{the frame is original|the frame is not original|the frame was carved in <city>|the "
        "panel has been trimmed on all sides}"
    ),
    (
        "{stylistically|in style} the work {is close to|resembles|can be compared with} {the "
        "paintings of <other>|the <title> in <museum>}"
    ),
    (
        "{the art of|the style of} <painter> {stands|is} {between|midway between} {tradition "
        "and innovation|the old manner and the new|<city> and <othercity>}"
    ),
    (
        "{during the war|in the Napoleonic period|after the suppression of the monastery} the "
        "{picture|panel} {was taken to|came to|was moved to} <museum>"
    ),
    (
        "{the picture|this painting} {was|has long been} {thought to be|regarded as|taken for} "
        "{a work of <other>|a copy|a pendant|a self-portrait}"
    ),
    (
        "{in a letter of|in} <year> <painter> {wrote to|complained to|asked} <patron> {about "
        "the price|about the commission|for more time}"
    ),
    (
        "{the commission|the contract} {stipulated|required} {that the work be finished|the "
        "use of costly colours|payment} {within a year|in <year>|before Easter}"
    ),
    (
        "{there is some debate about|opinions differ on|we do not know} {who painted it|when "
        "it was painted|for whom it was painted|where it hung}"
    ),
    (
        "{the year <year>|the {decade|period} around <year>} {was|marked} {a turning point "
        "for|the beginning of the fame of|a difficult time for} <painter>"
    ),
    "{the tomb of|the house of|a portrait of} <patron> {is|can still be seen} in <city>",
    (
        "{this|the present} {picture|version} {is|was} {not mentioned in the sources|first "
        "mentioned in <year>|mentioned by {Vasari|van Mander|the chronicler <person>}}"
    ),
    "<person> {and <person> |}{bought|inherited|sold|bequeathed} it {in|before} <year>",
    "{as so often|as usual|not for the first time}, {nothing is certain|much remains uncertain|no documents survive}",
    (
        "{the painter's|the artist's} {brother|son|nephew|assistant} <first> {helped "
        "with|finished|may have painted} {the background|the minor figures|the work}"
    ),
    "{compare|see} the {picture|painting} {of the same subject|by <other>} in <museum>",
]
"""Templates of context; some say nothing at all."""

_TECHNIQUE: dict[str, list[str]] = {
    "tempera": [
        (
            "{the gold|the punched gold} and the {bright|pure} colours {recall|are typical of} "
            "{the Sienese tradition|icons|Byzantine art}"
        ),
        "{the figures are flat|the outlines are sharp|there is little depth}",
        "{the tempera|the egg tempera} is laid on in {fine hatching|thin layers}",
        "{the clear local colours|the linear style} {belong to|recall} the {Gothic|old} tradition",
    ],
    "smooth": [
        "{the surface is smooth as enamel|the paint is applied smoothly|no brushstroke can be seen}",
        "{the precision|the meticulous rendering} of the {fabrics|details|materials} is {astonishing|remarkable}",
        "{every detail is|all is} {rendered|painted} with {great care|the utmost precision}",
    ],
    "tonal": [
        "{the palette is limited to|the picture is kept in} {browns and greys|brownish tones|ochre and grey}",
        "{the tonal unity|the monochrome palette|the restrained colouring} {is typical of|marks} these years",
        "{the atmosphere|the damp air} {counts for more than|dissolves} the details",
    ],
    "venetian": [
        "{the warm colours|the glowing colours|the rich, warm tones} {are|look} {Venetian|in the Venetian manner}",
        "{the brushwork|the handling} is {free|loose|broad and free}",
        "colour is more important than {line|drawing}",
    ],
    "dark": [
        (
            "{the strong contrast of light and shadow|the chiaroscuro|the tenebrism} {is|shows} "
            "{Caravaggesque|dramatic|theatrical}"
        ),
        (
            "{the light falls|a beam of light falls} {from the left|sharply|on the main figure} "
            "{and leaves the rest in darkness|}"
        ),
        "{deep shadow|darkness} {surrounds the figures|fills the picture}",
    ],
    "rococo": [
        (
            "{the light, pastel colours|the delicate pinks and blues|the powdery tones} {are "
            "typical of the Rococo|charm the eye}"
        ),
        "{the mood is|all is} {light|playful|graceful|decorative}",
        "{the brush|the brushwork} is {light|nervous|feathery}",
    ],
    "classical": [
        (
            "{the clear contours|the cool colours|the calm composition} {show|reveal} a "
            "{classical|Neoclassical|Raphaelesque} {taste|ideal}"
        ),
        "{the drawing|the line} {dominates|prevails}",
        "{the composition is|all is} {balanced|strict|measured}",
    ],
    "romantic": [
        "{the turbulent brushwork|the passionate handling|the impasto} {expresses|conveys} {the drama|strong feeling}",
        "{the picture is|all is} {full of movement|Romantic in spirit|deeply felt}",
        "{broad strokes|thick strokes} {and dark tones |}{heighten the effect|increase the drama}",
    ],
    "dabs": [
        (
            "{the painter used|the picture is built of} {short dabs|small touches|comma-like "
            "strokes} of {pure|bright|broken} colour"
        ),
        (
            "{the Impressionist|the plein-air} {technique|manner} {catches|renders} the {fleeting "
            "light|moment|shimmering air}"
        ),
        "{light|sunlight} {dissolves|breaks up} the {forms|contours}",
    ],
    "swirls": [
        "{swirling|long, swirling|energetic} {brushstrokes|lines} {run through|animate} the {picture|surface}",
        "{the thick paint|the impasto} {and the intense colours |}{expresses|express} {emotion|inner tension}",
        "{the colours are intense|colour is heightened} {beyond nature|to the utmost}",
    ],
}
_ANY = [
    "{the composition|the arrangement} is {built on a diagonal|a pyramid|symmetrical|simple|unusual}",
    "{the technique|the execution|the quality} is {uneven|of a high order|remarkable|sketchy}",
    "{the colours|the tones} {have darkened|have faded|have kept their freshness}",
]


def technique(painter: Painter) -> list[str]:
    """Templates on how a painter paints."""
    return _TECHNIQUE[painter.way] + _ANY


def slots(g: Chance, painter: Painter, fellows: Sequence[Painter], title: str, year: int) -> Slots:
    """The values of the templates' slots in one comment; names that return within it stay the same."""
    cities = CITIES.get(painter.school, CITIES[""])
    home = cities[painter.city % len(cities)]
    family = person(g, painter.school)[1]
    patron = f"{{{person(g, painter.school)[0]}|{{Count|Cardinal|Duke|Bishop|Doctor}}}} {family}"
    known = [one.surname for one in fellows[:80] if one.school == painter.school and one.surname != painter.surname]
    known = [surname for surname in known if surname]

    def other() -> str:
        return g.one(known) if known and g.yes(0.7) else person(g, painter.school)[1]

    def around() -> str:
        return f"{{|{'c. ' if g.yes(0.2) else ''}}}{year + g.whole(-30, 25)}"

    found: dict[str, str | Callable[[], str]] = {
        "painter": f"{{{painter.surname}|{painter.surname}|the artist|the painter}}"
        if painter.surname
        else "{the artist|the painter|the master|the anonymous master}",
        "first": lambda: person(g, painter.school)[0],
        "school": painter.school if painter.school != "Other" else "European",
        "city": lambda: home if g.yes(0.6) else g.one(cities),
        "othercity": lambda: g.one(CITIES[g.one(list(CITIES))]),
        "patron": patron,
        "family": f"the {family} family",
        "church": lambda: f"{{San|Santa|St|Our Lady of|Notre-Dame de}} {person(g, painter.school)[0]}",
        "museum": lambda: g.one(MUSEUMS),
        "year": around,
        "born": lambda: str(year - g.whole(20, 60)),
        "century": _ordinal(year // 100 + 1),
        "other": other,
        "person": lambda: " ".join(person(g, painter.school)),
        "title": re.sub(r"^(The|A|An) ", "", title),  # its template has an article of its own
    }
    return found


def _ordinal(number: int) -> str:
    return (
        f"{number}{'st' if number % 10 == 1 and number != 11 else 'nd' if number % 10 == 2 and number != 12 else 'th'}"
    )
