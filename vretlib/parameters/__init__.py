"""What each chapter's parameters may be: one typed schema per chapter, and the check that follows from it.

A schema is a pydantic model with a field per parameter: type, default, range and one description. Everything else is
made from it: the check before a kernel starts (`vretlib.batch.plan`) and in the page's first cell (`check`), the list
of ``python -m vretlib chapters``, and the comments of the page's parameters cell (`comment`).

To add a parameter, write its line into the chapter's schema and into the page's parameters cell; the test of the pages
says what the comment must be. Nothing here imports a network, a decoder or numpy, so that a wrong value is refused at
once.
"""

from vretlib.parameters.checking import Chosen, assignment, check, incomplete, schema, validated
from vretlib.parameters.domain import comment, described, described_keys, domain
from vretlib.parameters.places import files, located

__all__ = [
    "Chosen",
    "assignment",
    "check",
    "comment",
    "described",
    "described_keys",
    "domain",
    "files",
    "incomplete",
    "located",
    "schema",
    "validated",
]
