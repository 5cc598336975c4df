"""Comments, as an art historian might write them: content, context and technique, and sentences that say nothing.

A comment names only some of the visible things, and some comments name none. Lengths follow a log-normal distribution
with a median of 64 words, as those of SemArt's validation set do: 70 % have 100 words or fewer, which is about the
share that the text on Figure 7.4 gives for all of SemArt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from embedded.paintings import context
from embedded.paintings.chance import Chance
from embedded.paintings.lexicon import COLOUR_WORDS, KINDS, PLACES, ROLES, SUBJECTS, TIMES
from embedded.paintings.painters import Painter
from embedded.paintings.phrases import filled, polished
from embedded.paintings.scene import Scene, Thing
from embedded.paintings.settings import OUTDOORS

MEDIAN, SPREAD = 64.0, 0.93
"""Of the number of words: exp of the mean and standard deviation of its logarithm."""

MODES: dict[str, tuple[float, float, float]] = {
    "content": (0.75, 0.12, 0.13),
    "mixed": (0.4, 0.22, 0.38),
    "context": (0.06, 0.1, 0.84),
}
"""Kind of comment -> shares of sentences on content, technique and context."""

_MODES = {"content": 0.42, "mixed": 0.36, "context": 0.22}

_JOINED = {"content": 0.45, "technique": 0.3, "context": 0.15}
"""How often a sentence is joined to one of its kind before it."""
_AND = (", and ", "; ", " and ", ", while ")

_WHERE = {
    (0, 0): "{in the left background|in the distance on the left|far left}",
    (1, 0): "{in the background|in the distance|behind}",
    (2, 0): "{in the right background|in the distance on the right|far right}",
    (0, 1): "{on the left|at the left|to the left|on the left-hand side|in the left foreground}",
    (1, 1): "{in the centre|in the middle|in the foreground|at the centre of the composition}",
    (2, 1): "{on the right|at the right|to the right|on the right-hand side|in the right foreground}",
}

_ARMS = {
    "raised": "{raises both arms|lifts the arms|throws up the arms}",
    "praying": "{joins the hands in prayer|folds the hands|prays with joined hands}",
    "pointing": "{points with an outstretched arm|makes a gesture of the hand|stretches out an arm}",
    "spread": "{spreads the arms|opens the arms wide}",
    "holding": "{holds the hands in front|bends over the hands}",
}
_POSES = {
    "kneeling": "{kneels|is kneeling|has gone down on one knee}",
    "seated": "{sits|is seated|is shown seated}",
    "lying": "{lies stretched out|lies on the ground|reclines}",
    "standing": "{stands|is shown standing|stands upright}",
}
_SITTER = {
    "ruff": "{a white ruff|a starched ruff|a millstone collar}",
    "lace": "{a lace collar|a broad white collar|a collar of lace}",
    "fur": "{a fur-lined coat|a coat trimmed with fur|fur}",
    "cravat": "{a white cravat|a neckcloth}",
    "beret": "{a beret|a flat cap}",
    "wide": "{a broad-brimmed hat|a wide hat|a large hat}",
    "turban": "{a turban|a headdress of wound cloth}",
    "bonnet": "{a white bonnet|a white cap}",
    "veil": "{a white veil|a transparent veil}",
    "wig": "{a powdered wig|a white wig}",
    "curls": "{curly hair|locks that fall on the shoulders}",
}


def comment(g: Chance, scene: Scene, painter: Painter, fellows: Sequence[Painter], title: str, year: int) -> str:
    """The comment on a painting by one of the collection's painters, the ``fellows``, of a year."""
    aim = min(800, max(4, round(MEDIAN * math.exp(float(g.rng.normal(0, SPREAD))))))
    slots = context.slots(g, painter, fellows, title, year)
    shares = dict(zip(("content", "technique", "context"), MODES[g.weighted(_MODES)], strict=True))
    pools: dict[str, Iterator[str]] = {
        "content": iter(_content(g, scene)),
        "technique": iter(g.some(context.technique(painter), 4)),
        "context": iter(g.some(context.SENTENCES, len(context.SENTENCES))),
    }
    said: list[str] = []
    n, before = 0, ""
    while n < aim and pools:
        kind = g.weighted({name: shares[name] for name in pools})
        template = next(pools[kind], None)
        if template is None:
            del pools[kind]
            continue
        written = filled(g, template, slots)
        if n and n + len(written.split()) > 1.7 * aim:  # a short comment does not end in a long sentence
            aim -= 2
            continue
        if said and kind == before and n + 8 < aim and g.yes(_JOINED[kind]) and _can_join(said[-1], written):
            said[-1] += g.one(_AND) + written
        else:
            said.append(written)
        before = kind
        n += len(written.split())
    return ". ".join(polished(one) for one in said)  # without the last full stop, as 91 % of SemArt's


def _can_join(one: str, other: str) -> bool:
    """Whether two sentences may become one: the first is short, and neither tells the reader to look at something."""
    bids = ("note ", "see ", "compare ", "look for ")
    return len(one.split()) < 14 and not one.startswith(bids) and not other.startswith(bids)


def _content(g: Chance, scene: Scene) -> list[str]:
    """Templates on the visible things, mostly with the subject first, at most one or two for each thing."""
    rest: list[str] = []
    for thing in scene.things:
        if g.yes(0.75):
            rest += _about(g, thing)
    place = PLACES[scene.setting.kind]
    if scene.setting.kind in OUTDOORS:
        time = TIMES[scene.setting.time]
        rest += g.some(
            [
                f"{{the scene is set|the scene takes place|the event is set}} {{in|before}} {place}{{|, {time}}}",
                f"{{the view|the picture}} {{opens on|leads to}} {place} {time}",
                f"the {{landscape|background}} shows {place} {time}",
                f"{{it is painted|the scene is shown}} {time}",
            ],
            2,
        )
    else:
        colour = COLOUR_WORDS[scene.setting.colour]
        rest += g.some(
            [
                f"{{the figures stand out against|the background is formed by|the setting is}} {place}",
                f"{{behind is|the background shows}} {place}{{|, kept in {colour}}}",
            ],
            1,
        )
    n = sum(thing.kind in ("person", "sitter", "child") for thing in scene.things)
    if n > 3 and g.yes(0.5):
        number = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}.get(n, "a dozen")
        rest.append(f"{number} figures {{fill the composition|are arranged like a frieze|crowd the foreground}}")
    rest = g.some(rest, len(rest))
    subject = SUBJECTS[scene.theme]
    opening = [
        f"{{the|this}} {{painting|picture|panel|work|canvas}} {{shows|depicts|represents|portrays}} {subject}",
        f"{{the subject of|represented in}} {{the|this}} {{painting|picture}} is {subject}",
        f"<painter> {{has chosen|painted|treated}} {subject} {{several times|more than once|here|in an unusual way}}",
        (
            f"{{with|in}} this {{picture|painting}} of {subject} <painter> {{reached|attained}} the "
            f"height of {{fame|perfection}}"
        ),
    ]
    if g.yes(0.72):
        rest.insert(0 if g.yes(0.7) else len(rest) // 2, g.one(opening))
    return rest


def _about(g: Chance, thing: Thing) -> list[str]:
    """Templates about one thing: where it is, what it wears, what it does."""
    noun = (
        ROLES.get(thing.role)
        or KINDS.get(thing.role)
        or (thing.role if thing.role.startswith("St ") else "")
        or KINDS.get(thing.kind, "")
    )
    if not noun:
        return []
    where = _WHERE[(0 if thing.x < 0.36 else 2 if thing.x > 0.64 else 1, 0 if thing.y < 0.66 else 1)]
    traits = thing.traits
    if thing.kind == "sitter":
        return _sitter(g, thing, noun)
    if thing.kind not in ("person", "child"):
        colour = COLOUR_WORDS.get(str(traits.get("colour", "")), "")
        if thing.kind == "flowers" and "colours" in traits:
            names = " and ".join(COLOUR_WORDS[name] for name in traits["colours"][:2])
            return [f"{where} {{we notice|we find|can be seen}} {noun}, with {names} {{blossoms|flowers|petals}}"]
        if thing.kind == "fruit":
            sort = str(traits.get("sort", "fruit"))
            return [f"{where} {{we find|we notice|we see}} {{a {sort}|some {sort}s|a ripe {sort}}}"]
        tint = f", {colour} in colour" if colour else ""
        seen = f"{noun}{{|{tint}}}"
        return [
            g.one(
                [
                    f"{where} {{we see|one can see|the eye meets|we notice|can be seen|the painter has placed}} {seen}",
                    f"{noun}{{|{tint and tint + ','}}} {{can be found|can be seen|may be found|may be seen}} {where}",
                    f"{{note|look for|the eye finds}} {noun} {where}",
                ]
            )
        ]
    found = [f"{noun} {_POSES[str(traits.get('pose', 'standing'))]} {where}"]
    if traits.get("robe") and not traits.get("nude"):
        dress = f"{COLOUR_WORDS[str(traits['robe'])]} {{dress|robe|garment|tunic|gown|habit}}"
        cloak = (
            f" {{and a|under a|with a}} {COLOUR_WORDS[str(traits['cloak'])]} {{cloak|mantle|cape}}"
            if traits.get("cloak")
            else ""
        )
        found.append(f"{noun} {{wears a|is dressed in a|is clad in a|appears in a}} {dress}{cloak}")
    if traits.get("nude"):
        found.append(
            f"{{the nude body of|the naked figure of}} {noun} {{is modelled with care|is turned to "
            f"the light|stands out brightly}}"
        )
    if str(traits.get("arms")) in _ARMS:
        found.append(f"{noun} {_ARMS[str(traits['arms'])]}")
    if traits.get("armour"):
        found.append(f"{noun} {{is in armour|wears a shining armour|is clad in iron}}")
    if traits.get("hat") and str(traits["hat"]) in COLOUR_WORDS:
        found.append(f"{noun} {{wears a|has put on a}} {COLOUR_WORDS[str(traits['hat'])]} {{hat|cap}}")
    if traits.get("beard") and traits.get("hair") == "grey":
        found.append(f"{noun} {{is shown as an old man with a white beard|has the beard of an old man}}")
    if traits.get("wings") and thing.role == "angel":
        found.append(f"{{the wings of|the feathers of the wings of}} {noun} {{are spread|shimmer}}")
    return g.some(found, 1 if g.yes(0.6) else 2)


def _sitter(g: Chance, thing: Thing, noun: str) -> list[str]:
    traits = thing.traits
    robe = COLOUR_WORDS[str(traits.get("robe", "black"))]
    found = [
        f"{noun} {{wears a|is dressed in a|appears in a}} {robe} {{costume|dress|doublet|coat|gown}}",
        (
            f"{noun} is {{shown|seen|portrayed}} {{half-length|in three-quarter view|turned to the "
            f"{'right' if traits.get('turn', 1) > 0 else 'left'}}}"
        ),
    ]
    for name in ("collar", "hat", "cut"):
        if (worn := _SITTER.get(str(traits.get(name)))) is not None:
            coloured = (
                f"{COLOUR_WORDS[str(traits['hat_colour'])]} "
                if name == "hat" and traits["hat"] in ("beret", "wide", "turban")
                else ""
            )
            found.append(f"{noun} {{wears|is distinguished by|has}} {_coloured(worn, coloured)}")
    if traits.get("beard"):
        found.append(
            f"{{a full beard frames the face|the bearded face is turned to us|{noun} has a "
            f"{{grey|dark|well-kept}} beard}}"
        )
    if traits.get("pearls"):
        found.append("{a string of pearls|a pearl necklace} {adorns the neck|lies round the neck}")
    if traits.get("hands"):
        found.append("{the hands are folded|the hands are joined in front|the painter took great care with the hands}")
    return g.some(found, g.whole(2, 4))


def _coloured(worn: str, colour: str) -> str:
    """``{a beret|a flat cap}`` with the colour after each article."""
    return worn.replace("{a ", "{a " + colour).replace("|a ", "|a " + colour) if colour else worn
