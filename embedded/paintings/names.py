"""Invented names of people, and real names of cities."""

from __future__ import annotations

from embedded.paintings.chance import Chance

FIRST: dict[str, str] = {
    "Italian": "Giovanni Bartolomeo Lorenzo Matteo Pietro Jacopo Andrea Bernardo Niccolò Filippo Domenico Agostino",
    "Dutch": "Jan Pieter Cornelis Hendrick Willem Gerrit Adriaen Dirck Jacob Frans Abraham Isaack",
    "Flemish": "Jan Pieter Joos Cornelis Gaspard Lucas Maerten Frans Jacob Adriaen",
    "French": "Jean Pierre Charles Nicolas Louis François Antoine Philippe Claude Étienne Henri Édouard",
    "German": "Hans Johann Georg Lukas Matthias Heinrich Friedrich Anton Caspar",
    "Spanish": "Juan Diego Francisco Pedro Luis Antonio Alonso Bartolomé",
    "": "John William Thomas George Anton Karl Peter Josef Henry Nikolai",
}
SUR: dict[str, tuple[str, str]] = {
    "Italian": (
        "Bal,Cor,Mar,Fer,Sal,Ven,Tor,Ros,Bel,Car,Pan,Gar,Mon,Val,Lan",
        "dini,betti,relli,zano,golo,vacci,toni,nardi,ccioli,melli,farro,sino",
    ),
    "Dutch": (
        "van der Hoog,van der Meul,van Oster,de Wit,Ruys,Brou,Hals,Ver,Kal,Steen,Wou,Bloe,Cam,Dou",
        "en,er,werf,sloot,beek,horst,wijck,man,donck,velt",
    ),
    "Flemish": ("van der Hae,van Cort,de Mom,Fran,Sny,Tey,Jor,Bal,Wou,Seg", "ght,ken,per,ers,mans,bosch,laer,wyn"),
    "French": (
        "Ber,Cha,Dela,Fon,Gui,La,Mon,Per,Ri,Vau,Bois,Che,Mar,Lan",
        "gnon,roux,court,tier,vaux,lard,mont,dreau,blanc,sier",
    ),
    "German": ("Alt,Bald,Burk,Holz,Kran,Schon,Wol,Grün,Mül,Stei,Amb", "dorfer,mair,bein,hauer,gut,ner,mann,berg"),
    "Spanish": ("Zur,Val,Ri,Mor,Cas,Her,Es,Al,Men", "barán,dera,jano,ales,tillo,rera,pinar,mazán"),
    "": ("Ash,Har,Win,Lor,Kes,Bro,Nor,Vas,Hol,Ber,Mar,Dan", "worth,ley,ton,mann,berg,sky,son,ner,strom,ford"),
}
"""Beginnings and ends of surnames, by school; "" for all others."""

MIDDLE = "an er in ol ar el am os en il ul or"
"""Syllables that may stand between them."""

LIKE = {"Netherlandish": "Flemish", "Belgian": "Flemish", "Austrian": "German", "Swiss": "German", "Catalan": "Spanish",
        "Portuguese": "Spanish"}  # fmt: skip
"""Schools whose names are like another one's."""

CITIES: dict[str, tuple[str, ...]] = {
    "Italian": ("Florence", "Venice", "Rome", "Siena", "Bologna", "Naples", "Milan", "Genoa", "Ferrara", "Padua"),
    "Dutch": ("Amsterdam", "Haarlem", "Delft", "Leiden", "Utrecht", "Dordrecht", "The Hague"),
    "Flemish": ("Antwerp", "Bruges", "Ghent", "Brussels", "Louvain"),
    "Netherlandish": ("Bruges", "Ghent", "Brussels", "Haarlem", "Tournai"),
    "French": ("Paris", "Lyon", "Rouen", "Aix-en-Provence", "Arles", "Versailles"),
    "German": ("Nuremberg", "Cologne", "Augsburg", "Dresden", "Munich", "Hamburg"),
    "Spanish": ("Madrid", "Seville", "Toledo", "Valencia", "Granada"),
    "English": ("London", "Bath", "Norwich", "Suffolk", "Oxford"),
    "": ("Vienna", "Prague", "Copenhagen", "Budapest", "Basel", "Boston", "St Petersburg"),
}
"""Where painters of a school worked; "" for all others."""


def kin(school: str) -> str:
    """The key of a school in `FIRST` and `SUR`."""
    return school if school in SUR else LIKE.get(school, "")


def person(g: Chance, school: str) -> tuple[str, str]:
    """A first name and a surname."""
    heads, tails = SUR[kin(school)]
    middle = g.one(MIDDLE.split()) if g.yes(0.6) else ""
    return g.one(FIRST[kin(school)].split()), g.one(heads.split(",")) + middle + g.one(tails.split(","))
