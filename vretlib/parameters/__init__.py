"""The parameters of each chapter: one typed schema per chapter, and the checks that follow from it.

A schema is a pydantic model with a field per parameter: type, default, range and description. The check before a
kernel starts (`vretlib.batch.plan`), the check in the page's first cell (`check`) and the list of
``python -m vretlib chapters`` are all made from it. The comments of the page's parameters cell say the same; a test
compares them.

To add a parameter, write its line into the chapter's schema and into the page's parameters cell; the test of the pages
says what the comment must be. These modules import no network, decoder or numpy, so that a wrong value is refused
within a second.
"""

from vretlib.parameters.checking import Chosen, assignment, check, device, incomplete, schema, validated
from vretlib.parameters.domain import described, described_keys
from vretlib.parameters.places import files, located

__all__ = [
    "Chosen",
    "assignment",
    "check",
    "described",
    "described_keys",
    "device",
    "files",
    "incomplete",
    "located",
    "schema",
    "validated",
]
