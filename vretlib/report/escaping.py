r"""Names from a user's files on pages: a film may be called ``<img src=x onerror=…> $x_ *b* [l](javascript:1).mp4``.

Every text that a page shows goes through one of these, whoever wrote it. JupyterLab sets ``$…$`` and ``\(…\)`` as
formulas in HTML outputs too, and formulas may hold links: there dollars and backslashes stand in an element of their
own, which no formula spans. LaTeX is in `vretlib.report.render`, figures are in `vretlib.report.figures.plain`.
"""

import re
import unicodedata
from html import escape

_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the direction of the text that follows, on the page around it too."""


def one_line(text: str) -> str:
    """The text in one line: breaks are spaces, and what cannot be shown is ``\N{REPLACEMENT CHARACTER}``."""
    return "".join(_shown(letter) for letter in text)


def html(text: str) -> str:
    """The text in an HTML page or output: no element, no entity, no formula."""
    return escape(one_line(text)).replace("\\", _apart("\\")).replace("$", _apart("$"))


def markdown(text: str) -> str:
    """The text in a Markdown file: nothing in it is markup. What no Markdown reads as markup stays as it is."""
    return _marked(one_line(text).replace("\\", _HELD)).replace("$", r"\$").replace(_HELD, r"\\")


def caption(text: str) -> str:
    """The text in a Markdown output of a notebook: as `markdown`, and no formula."""
    return _marked(one_line(text).replace("\\", _HELD)).replace("$", _apart("$")).replace(_HELD, _apart("\\"))


_HELD = "\ue000"  # stands for a backslash of the text while others are added; `one_line` leaves no such character


def _shown(letter: str) -> str:
    if letter in _BREAKS:
        return " "
    hidden = unicodedata.category(letter) in ("Cc", "Cs", "Co") or letter in _TURNS
    return "\N{REPLACEMENT CHARACTER}" if hidden else letter


def _marked(text: str) -> str:
    """Backslashes before what Markdown would read as markup."""
    text = re.sub(r"[`*~|]", r"\\\g<0>", text.strip())
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)  # inside a word it means nothing
    text = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"\](?=[\[(:])", r"\\]", text)
    text = re.sub(r"^(?=>|(?:[-+]|#{1,6})(?:\s|$)|--)", r"\\", text)  # a quotation, a list, a heading, a line across
    return re.sub(r"^(\d+)(?=[.)](?:\s|$))", r"\1\\", text)


def _apart(letter: str) -> str:
    return f"<span>&#{ord(letter)};</span>"


def held(text: str) -> str:
    """Markdown of `caption` without its elements, for a reader that takes no HTML; `released` is for what it makes."""
    return text.replace(_apart("$"), "\ue001").replace(_apart("\\"), _HELD)


def released(text: str) -> str:
    """What such a reader has made of `held` text, with its dollars and backslashes."""
    return text.replace("\ue001", "$").replace(_HELD, "\\")
