"""Families of architecture: gothic, classical, ... Each draws styles from its own materials, windows and forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from numpy.random import Generator

from embedded.landmarks.style import BuildingStyle, Opening, pick, span
from embedded.texture import Colour, jitter

HONEY: tuple[Colour, ...] = ((214, 186, 136), (200, 168, 116), (222, 200, 156), (190, 164, 124))
GREY: tuple[Colour, ...] = ((168, 164, 154), (150, 148, 144), (186, 180, 168), (132, 128, 122))
PALE: tuple[Colour, ...] = ((226, 216, 196), (214, 204, 184), (232, 226, 212), (206, 192, 166))
BRICK: tuple[Colour, ...] = ((152, 82, 62), (170, 100, 74), (128, 66, 54), (184, 122, 88))
STUCCO: tuple[Colour, ...] = (
    (222, 188, 128),
    (214, 158, 126),
    (196, 206, 190),
    (232, 220, 192),
    (200, 176, 190),
    (216, 196, 96),
)
SANDSTONE: tuple[Colour, ...] = ((176, 108, 84), (196, 140, 104), (160, 120, 96))
SLATE: tuple[Colour, ...] = ((84, 92, 106), (98, 104, 112), (70, 74, 84))
TILE: tuple[Colour, ...] = ((164, 88, 60), (142, 72, 52), (178, 110, 72))
COPPER: tuple[Colour, ...] = ((112, 160, 140), (96, 148, 132), (130, 172, 150))
GLASS: tuple[Colour, ...] = ((52, 60, 72), (40, 46, 54), (66, 78, 92), (48, 52, 50))
SASH: tuple[Colour, ...] = ((230, 228, 220), (60, 54, 48), (120, 84, 56), (70, 92, 80), (212, 206, 190))
DOOR: tuple[Colour, ...] = ((84, 54, 36), (52, 70, 60), (120, 40, 36), (40, 50, 74), (46, 40, 38))

STONES = (*HONEY, *GREY, *PALE)


def _style(
    rng: Generator, family: str, stones: Sequence[Colour], roofs: Sequence[Colour], **chosen: object
) -> BuildingStyle:
    """A style with the parts that most families share, some of them replaced by those given."""
    wall_colour = jitter(rng, pick(rng, stones), 12)
    parts: dict[str, object] = {
        "family": family,
        "wall": "ashlar",
        "wall_colour": wall_colour,
        "base": "rustic",
        "base_colour": jitter(rng, wall_colour, 16),
        "trim": jitter(rng, pick(rng, (*PALE, *HONEY)), 10),
        "sash": jitter(rng, pick(rng, SASH), 10),
        "glass": jitter(rng, pick(rng, GLASS), 8),
        "door": jitter(rng, pick(rng, DOOR), 12),
        "roof": "slate",
        "roof_colour": jitter(rng, pick(rng, roofs), 10),
        "ground": "plain",
        "order": "none",
        "bay": span(rng, 2.8, 3.8),
        "storey": span(rng, 3.4, 4.4),
        "storeys": (2, 4),
        "bays": (5, 11),
        "pitch": span(rng, 0.5, 0.9),
        "tops": ("pitched", "hipped"),
        "massings": ("block", "wings"),
        "caps": ("pyramid",),
        "centres": ("door", "portal"),
    }
    parts.update(chosen)
    parts.setdefault("ground_window", parts["window"])
    return BuildingStyle(**parts)  # type: ignore[arg-type]


def _panes(rng: Generator) -> tuple[int, int]:
    return (int(rng.integers(2, 4)), int(rng.integers(2, 6)))


def gothic(rng: Generator) -> BuildingStyle:
    """College and church gothic: pointed windows with tracery, buttresses, battlements, spires."""
    tall = Opening(
        "pointed", span(rng, 0.45, 0.62), span(rng, 0.62, 0.8), pick(rng, ("band", "hood")), (2, 3), "tracery"
    )
    low = Opening(pick(rng, ("pointed", "segment", "flat")), span(rng, 0.4, 0.6), span(rng, 0.5, 0.7), "hood", (3, 2))
    return _style(
        rng, "gothic", (*HONEY, *GREY), SLATE,
        wall=pick(rng, ("ashlar", "rubble")), base=pick(rng, ("ashlar", "rubble")), window=tall, ground_window=low,
        crown=pick(rng, ("battlement", "balustrade", "battlement")), order="buttress",
        bay=span(rng, 3.2, 4.6), storey=span(rng, 4.2, 6.0), storeys=(1, 3), pitch=span(rng, 0.9, 1.5),
        tops=("pitched", "gabled", "flat"), massings=("tower", "twin", "church", "block", "gate"),
        caps=("spire", "flat", "pinnacles", "pyramid"), centres=("portal", "great", "rose"),
    )  # fmt: skip


def classical(rng: Generator) -> BuildingStyle:
    """Columns, pediments, balustrades, and a dome now and then."""
    window = Opening(
        pick(rng, ("flat", "flat", "round")), span(rng, 0.36, 0.5), span(rng, 0.55, 0.72),
        pick(rng, ("pediment", "band", "hood", "keystone")), _panes(rng),
    )  # fmt: skip
    return _style(
        rng, "classical", STONES, (*SLATE, *COPPER), wall=pick(rng, ("ashlar", "ashlar", "plaster")), window=window,
        ground=pick(rng, ("rustic", "plain", "arcade")), crown=pick(rng, ("balustrade", "cornice", "cornice")),
        order=pick(rng, ("pilasters", "columns", "quoins")), storey=span(rng, 4.0, 5.4), storeys=(2, 3),
        tops=("flat", "hipped", "flat"), massings=("domed", "portico", "wings", "block", "rotunda"),
        caps=("dome", "lantern"), centres=("portico", "portico", "portal"), pitch=span(rng, 0.35, 0.5),
    )  # fmt: skip


def mansard(rng: Generator) -> BuildingStyle:
    """The boulevards: tall windows, iron balconies, blue roofs with dormers."""
    window = Opening(
        pick(rng, ("flat", "segment", "round")), span(rng, 0.36, 0.48), span(rng, 0.68, 0.84),
        pick(rng, ("band", "keystone", "pediment")), (2, int(rng.integers(3, 5))), pick(rng, ("balcony", "balcony",
        "shutters")),
    )  # fmt: skip
    return _style(
        rng, "mansard", PALE, SLATE, window=window, ground=pick(rng, ("arcade", "shops", "rustic")), crown="cornice",
        order=pick(rng, ("pilasters", "quoins", "none")), bay=span(rng, 2.5, 3.2), storeys=(3, 5), tops=("mansard",),
        massings=("block", "pavilions", "wings", "corner"), caps=("mansard", "dome"), centres=("portal", "clock",
        "door"),
    )  # fmt: skip


def baroque(rng: Generator) -> BuildingStyle:
    """Curved gables, domes on towers, coloured plaster."""
    window = Opening(
        pick(rng, ("round", "segment", "flat")), span(rng, 0.38, 0.52), span(rng, 0.6, 0.76),
        pick(rng, ("pediment", "keystone", "hood")), _panes(rng),
    )  # fmt: skip
    return _style(
        rng, "baroque", STUCCO, (*COPPER, *TILE), wall="plaster", base=pick(rng, ("rustic", "plaster")), window=window,
        roof=pick(rng, ("copper", "tile")), crown=pick(rng, ("cornice", "balustrade")),
        order=pick(rng, ("pilasters", "pilasters", "columns")), storeys=(2, 3), tops=("curved", "hipped", "pitched"),
        massings=("church", "twin", "domed", "pavilions"), caps=("onion", "dome", "lantern"),
        centres=("portal", "clock", "great"),
    )  # fmt: skip


def brick(rng: Generator) -> BuildingStyle:
    """Town halls, stations and warehouses of brick with stone bands, stepped gables, clock towers."""
    window = Opening(
        pick(rng, ("segment", "flat", "round")), span(rng, 0.4, 0.58), span(rng, 0.55, 0.75),
        pick(rng, ("keystone", "band", "hood")), _panes(rng),
    )  # fmt: skip
    return _style(
        rng, "brick", BRICK, (*SLATE, *TILE), wall="brick", base=pick(rng, ("brick", "rustic")), window=window,
        roof=pick(rng, ("tile", "slate")), ground=pick(rng, ("plain", "arcade", "shops")),
        crown=pick(rng, ("cornice", "eaves", "balustrade")), order=pick(rng, ("quoins", "stripes", "pilasters")),
        storeys=(2, 4), tops=("stepped", "gabled", "pitched", "curved"), pitch=span(rng, 0.8, 1.3),
        massings=("block", "tower", "corner", "twin", "church"), caps=("pyramid", "flat", "lantern"),
        centres=("great", "clock", "door", "portal"),
    )  # fmt: skip


def renaissance(rng: Generator) -> BuildingStyle:
    """Palaces with arcades, heavy ground floors and shallow tiled roofs."""
    window = Opening(
        "round", span(rng, 0.4, 0.56), span(rng, 0.58, 0.72), pick(rng, ("band", "keystone", "pediment")), (2, 3)
    )
    return _style(
        rng, "renaissance", (*HONEY, *SANDSTONE, *STUCCO), TILE, wall=pick(rng, ("ashlar", "plaster", "rustic")),
        window=window,
        roof="tile", ground=pick(rng, ("arcade", "arcade", "rustic")), crown=pick(rng, ("eaves", "cornice",
        "battlement")),
        order=pick(rng, ("quoins", "none", "pilasters")), bay=span(rng, 3.2, 4.4), storeys=(2, 3), tops=("hipped",
        "flat"),
        massings=("block", "tower", "wings", "gate"), caps=("flat", "pyramid", "lantern"), centres=("portal", "clock",
        "door"),
        pitch=span(rng, 0.3, 0.45),
    )  # fmt: skip


def timber(rng: Generator) -> BuildingStyle:
    """Half-timbered houses with steep gables."""
    window = Opening(
        "flat", span(rng, 0.42, 0.6), span(rng, 0.4, 0.55), "band", _panes(rng), pick(rng, ("none", "shutters"))
    )
    return _style(
        rng, "timber", ((232, 222, 200), (222, 196, 150), (206, 170, 140), (226, 206, 176)), TILE, wall="plaster",
        base=pick(rng, ("rubble", "brick")), window=window, trim=jitter(rng, pick(rng, ((84, 58, 40), (60, 46, 38),
        (120, 62, 46))), 8),
        roof="tile", ground=pick(rng, ("plain", "shops", "arcade")), crown="eaves", order="frame", bay=span(rng, 2.2,
        2.9),
        storey=span(rng, 2.8, 3.3), storeys=(2, 4), bays=(4, 8), tops=("gabled", "pitched"), pitch=span(rng, 1.1, 1.7),
        massings=("block", "corner", "tower"), caps=("spire", "pyramid"), centres=("door", "clock"),
    )  # fmt: skip


def romanesque(rng: Generator) -> BuildingStyle:
    """Round arches, domes and minaret-like towers, striped stone."""
    window = Opening(
        "round", span(rng, 0.3, 0.46), span(rng, 0.5, 0.7), pick(rng, ("band", "keystone")), (2, 2), "none"
    )
    return _style(
        rng, "romanesque", (*SANDSTONE, *PALE, *GREY), (*COPPER, *TILE), wall=pick(rng, ("ashlar", "rubble")),
        base="ashlar",
        window=window, roof=pick(rng, ("copper", "tile")), ground=pick(rng, ("arcade", "plain")),
        crown=pick(rng, ("eaves", "cornice", "battlement")), order=pick(rng, ("stripes", "buttress", "none")),
        bay=span(rng, 3.2, 4.4), storey=span(rng, 4.0, 5.5), storeys=(2, 3), tops=("gabled", "flat", "pitched"),
        massings=("domed", "twin", "church", "tower", "rotunda"), caps=("dome", "onion", "pyramid", "lantern"),
        centres=("rose", "portal", "great"),
    )  # fmt: skip


def castle(rng: Generator) -> BuildingStyle:
    """Thick walls, few windows, round towers and battlements."""
    window = Opening(
        pick(rng, ("round", "pointed", "flat")), span(rng, 0.2, 0.34), span(rng, 0.4, 0.55), "band", (2, 2)
    )
    return _style(
        rng, "castle", (*GREY, *SANDSTONE, *HONEY), (*SLATE, *TILE), wall="rubble", base="rubble", window=window,
        roof=pick(rng, ("slate", "tile")), crown="battlement", order=pick(rng, ("none", "buttress", "quoins")),
        bay=span(rng, 3.6, 5.0), storeys=(2, 3), bays=(4, 7), tops=("flat", "pitched"), massings=("round", "twin",
        "gate", "tower"),
        caps=("cone", "flat", "cone"), centres=("portal", "door"), pitch=span(rng, 0.7, 1.2),
    )  # fmt: skip


def modern(rng: Generator) -> BuildingStyle:
    """Concrete and glass: wide windows, bands, flat roofs, slabs."""
    window = Opening(
        "flat", span(rng, 0.7, 0.94), span(rng, 0.5, 0.86), "none", (int(rng.integers(1, 4)), int(rng.integers(1, 3)))
    )
    return _style(
        rng, "modern", (*GREY, *PALE, (120, 134, 142), (92, 84, 78)), GREY, wall=pick(rng, ("panel", "plaster",
        "brick")), base="panel",
        window=window, glass=jitter(rng, pick(rng, ((70, 96, 120), (60, 88, 92), (84, 90, 96), (44, 58, 78))), 12),
        ground=pick(rng, ("shops", "arcade", "plain")), crown=pick(rng, ("eaves", "cornice")),
        order=pick(rng, ("fins", "none", "stripes")), bay=span(rng, 2.6, 4.4), storey=span(rng, 3.0, 3.8), storeys=(3,
        6),
        tops=("flat",), massings=("block", "slab", "wings", "tower"), caps=("flat",), centres=("door", "great"),
    )  # fmt: skip


FAMILIES: dict[str, Callable[[Generator], BuildingStyle]] = {
    f.__name__: f for f in (gothic, classical, mansard, baroque, brick, renaissance, timber, romanesque, castle, modern)
}
