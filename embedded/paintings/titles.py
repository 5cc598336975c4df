"""Titles: most name the subject in a few usual words, so that many paintings have the same."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.names import CITIES, person
from embedded.paintings.painters import Painter
from embedded.paintings.phrases import Slots, sentence
from embedded.paintings.scene import Scene

USUAL: dict[str, str] = {
    "madonna": "{Madonna and Child|Virgin and Child|Madonna and Child with Saints|Virgin and Child Enthroned}",
    "annunciation": "{Annunciation|The Annunciation}",
    "crucifixion": "{Crucifixion|The Crucifixion|Christ on the Cross}",
    "magi": "{Adoration of the Magi|The Adoration of the Magi}",
    "shepherds": "{Adoration of the Shepherds|Nativity|The Nativity}",
    "flight": "{The Flight into Egypt|Flight into Egypt|Rest on the Flight into Egypt}",
    "baptism": "{Baptism of Christ|The Baptism of Christ}",
    "jerome": "{St Jerome|St Jerome in the Wilderness|Penitent St Jerome}",
    "sebastian": "{St Sebastian|Martyrdom of St Sebastian}",
    "magdalene": "{Penitent Magdalene|Mary Magdalene|The Repentant Magdalene}",
    "francis": "{St Francis|Stigmatization of St Francis}",
    "george": "{St George and the Dragon|St George}",
    "supper": "{The Last Supper|Last Supper}",
    "pieta": "{Pietà|Lamentation|Lamentation over the Dead Christ}",
    "resurrection": "{Resurrection|The Resurrection|The Resurrection of Christ}",
    "assumption": "{Assumption of the Virgin|The Assumption}",
    "saint": "<saint>",
    "tobias": "{Tobias and the Angel|The Archangel Raphael and Tobias}",
    "venus": "{Venus|Venus and Cupid|The Birth of Venus}",
    "diana": "{Diana and her Nymphs|Diana Bathing}",
    "bacchus": "{Bacchus|Young Bacchus}",
    "andromeda": "Perseus and Andromeda",
    "paris": "{The Judgment of Paris|Judgment of Paris}",
    "europa": "{The Rape of Europa|Rape of Europa}",
    "apollo": "{Apollo and the Muses|Parnassus}",
    "icarus": "{The Fall of Icarus|Daedalus and Icarus}",
    "battle": "{Battle Scene|Cavalry Battle}",
    "sea battle": "{Naval Battle|Sea Battle}",
    "oath": "The Audience",
    "tavern": "{Tavern Scene|Peasants in a Tavern|Merry Company}",
    "cards": "{The Card Players|Card Players}",
    "letter": "{Woman Reading a Letter|Young Woman with a Letter}",
    "kitchen": "{Kitchen Scene|The Kitchen Maid|The Cook}",
    "music": "{The Concert|Concert|The Lute Player}",
    "dance": "{Peasant Dance|Kermis}",
    "mother": "{Mother and Child|Maternity}",
    "market": "{Market Scene|Market Square}",
    "man": "{Portrait of a Man|Portrait of a Gentleman|Portrait of a Young Man}",
    "woman": "{Portrait of a Woman|Portrait of a Lady|Portrait of a Young Woman}",
    "old man": "{Portrait of an Old Man|Portrait of a Man}",
    "girl": "{Portrait of a Girl|Girl with Flowers}",
    "painter": "Self-Portrait",
    "river": "{River Landscape|River Scene}",
    "forest": "{Wooded Landscape|Forest Landscape}",
    "mountains": "{Mountain Landscape|Alpine Landscape}",
    "coast": "{Coastal Landscape|Rocky Coast}",
    "ships": "{Seascape|Ships at Sea}",
    "winter": "{Winter Landscape|Winter Landscape with Skaters}",
    "mill": "{The Windmill|Landscape with a Windmill}",
    "village": "{Village Street|Village Scene}",
    "ruins": "{Landscape with Ruins|Landscape with Classical Ruins}",
    "city": "{The Canal|View of a City}",
    "cattle": "{Landscape with Cattle|Cows in a Meadow}",
    "flowers": "{Flower Still-Life|Still-Life|Vase of Flowers|Bouquet}",
    "fruit": "{Still-Life with Fruit|Still-Life|Still-Life}",
    "breakfast": "{Still-Life|Breakfast Piece|Still-Life}",
    "vanitas": "{Vanitas|Vanitas Still-Life}",
    "fish": "{Still-Life with Fish|Still-Life}",
    "game": "{Still-Life with Game|Still-Life}",
    "church": "{Interior of a Church|Church Interior}",
    "room": "{Interior|Interior with Figures}",
    "ceiling": "{Ceiling decoration|Ceiling painting}",
    "horse": "{A Horse|Horse in a Landscape}",
    "dogs": "Two Dogs",
    "head": "{Study of a Head|Head Study}",
    "nude": "{Academic Study|Male Nude}",
}

OWN: dict[str, str] = {
    "religious": (
        "{<usual> with {a Donor|St <firstname>|Angels|Two Saints|the <surname> Family}|The "
        "<surname> {Altarpiece|Polyptych|Triptych}|<usual> ({detail|central panel|left "
        "wing|predella}, <surname> Altarpiece)|<usual> from <city>}"
    ),
    "portrait": (
        "{Portrait of <firstname> <surname>|<firstname> "
        "<surname>|{Count|Countess|Cardinal|Doctor|Captain|Lady|Duke} <surname>|Portrait of "
        "{Mr|Mrs|Monsieur|Madame} <surname>}"
    ),
    "landscape": (
        "{View of <city> {from the {North|South|East|West}|with <firstname>'s "
        "{Bridge|Tower|Mill}|with Figures|at Sunset}|<usual> near <city>|<city>, "
        "{Evening|Morning|Winter|the Old Bridge|the Harbour}|{The Road to|The Outskirts of|The "
        "Valley of|The Hills of} <city>}"
    ),
    "mythological": (
        "{<usual> with {a Satyr|Putti|a Shepherd|Mercury|Neptune|Jupiter|Minerva|a River "
        "God}|<usual> {(sketch for the Palazzo <surname>)|from the Villa <surname>}|<usual> "
        "and {Flora|Ceres|Pan|the Graces|Vulcan|Mars|Aurora}}"
    ),
    "genre": (
        "{The {Merry|Idle|Young|Old|Busy|Sleeping|Poor|Happy} "
        "{Family|Drinkers|Housewife|Musicians|Couple|Smoker|Doctor|Gypsy|Cobbler|Fishwife}|"
        "<usual> in <city>|{After the Meal|The Visit|The Proposal|A Quiet Hour|The Morning|The "
        "Errand} at {<surname>'s|the <surname> House|<city>}}"
    ),
    "still-life": (
        "Still-Life with {Roses|Lemons|Peaches|a Lobster|Oysters|a Nautilus Cup|Apples and "
        "Pears|a Silver Jug|Grapes|Books|Flowers and Fruit|Bread and Cheese|a Glass of Wine} "
        "{and|with|beside} {Flowers|a Goblet|Insects|a Parrot|Nuts|a Roemer|Shells|a Skull|a "
        "Clock|Game}"
    ),
    "historical": (
        "{The {Battle|Siege|Capture|Relief|Defence} of <city>|{The Death|The Oath|The "
        "Coronation|The Return|The Entry} of {King|Prince|General|Admiral} <surname>}"
    ),
    "interior": (
        "{Interior of {St <firstname>|the Cathedral|Our Lady} in <city>|The {Drawing "
        "Room|Study|Library|Studio} of <firstname> <surname>|Interior of the "
        "{Old|New|<surname>} Church, <city>}"
    ),
    "other": (
        "{Allegory of {Peace|Fame|Spring|the Seasons|Justice|the Arts} for <surname>|The "
        "{Horse|Hounds} of {Count|Lord} <surname>|Ceiling of the Palazzo <surname>}"
    ),
    "study": "Study for the {Portrait of <surname>|<surname> Altarpiece|Oath|Battle of <city>}",
}

SHARE_USUAL = 0.33
"""Share of titles that are the usual ones of their subject; chosen so that 38.8 % of 2,000 titles are not unique."""


def title(g: Chance, scene: Scene, painter: Painter) -> str:
    """The title of a painting."""
    saint = next((thing.role for thing in scene.things if thing.role.startswith("St ")), "A Saint")
    slots: Slots = {
        "usual": USUAL[scene.theme],
        "saint": saint,
        "city": lambda: g.one(CITIES.get(painter.school, CITIES[""])),
        "firstname": lambda: person(g, painter.school)[0],
        "surname": lambda: person(g, painter.school)[1],
    }
    return sentence(g, "<usual>" if g.yes(SHARE_USUAL) else OWN[scene.type], slots)
