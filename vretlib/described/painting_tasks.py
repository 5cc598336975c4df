"""The networks of Tables 7.4 and 7.5: how each reads texts, and which attribute it names (thesis §7.3.2)."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from vretlib.datasets.paintings.classes import AT_LEAST, Classes
from vretlib.datasets.paintings.collection import Painting
from vretlib.described.paintings import Texts, Three
from vretlib.models.cross_modal import Samples
from vretlib.models.cross_modal_training import CrossModalTask
from vretlib.models.text_encoders import EncoderKind

log = logging.getLogger(__name__)

ENCODINGS: dict[str, tuple[EncoderKind, EncoderKind]] = {
    "LSTMc|LSTMa": ("LSTM", "LSTM"), "MLPc|LSTMa": ("MLP", "LSTM"), "MLPc|MLPa": ("MLP", "MLP"),
    "BOWc|BOWa": ("BOW", "BOW"),
}  # fmt: skip
"""Comment and title encoders of Table 7.4, whose rows are the CML."""
AMD = {"AMDT": "Type", "AMDTF": "TimeFrame", "AMDS": "School", "AMDA": "Author"}
"""The attribute of each AMD of Table 7.5; all have the encoders of `AMD_ENCODING`."""
AMD_ENCODING = "MLPc|MLPa"

Form = tuple[str, str]
"""A key of `ENCODINGS`, and the attribute of an AMD; ``""`` for a CML."""


def forms(train: Sequence[Painting]) -> dict[str, Form]:
    """The networks of Tables 7.4 and 7.5 by the names of their rows.

    An AMD whose attribute has no class to learn, that is no value that enough training paintings share, is left out.
    """
    found = {name: attribute for name, attribute in AMD.items() if len(Classes.of(train, attribute).names) > 1}
    if missing := [attribute for name, attribute in AMD.items() if name not in found]:
        log.info("no AMD for %s: no value is shared by %s training paintings", ", ".join(missing), AT_LEAST)
    return {name: (name, "") for name in ENCODINGS} | {
        f"{name}|{AMD_ENCODING}": (AMD_ENCODING, attribute) for name, attribute in found.items()
    }


def task(x: Three, texts: Texts, form: Form) -> tuple[CrossModalTask, Samples]:
    """What a network of this form learns, and the samples that it is tested on."""
    encodings, attribute = form
    com, att = ENCODINGS[encodings]
    parts = (texts.paintings.train, texts.paintings.val, texts.paintings.test)
    classes = Classes.of(parts[0], attribute) if attribute else None
    learned, held_out, tested = (
        texts.samples(part, vectors, com, att, classes)
        for part, vectors in zip(parts, (x.train, x.val, x.test), strict=True)
    )
    return CrossModalTask(learned, held_out, com, att, len(classes.names) if classes else 0), tested
