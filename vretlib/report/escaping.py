r"""Escaping of texts on pages: a user's film may be called ``<img src=x onerror=…> $x_ *b* [l](javascript:1).mp4``.

Every text on a page passes through one of these functions. JupyterLab renders ``$…$`` and ``\(…\)`` as formulas in HTML
outputs too, and formulas may hold links. Dollars and backslashes are therefore put into elements of their own, because
no formula spans elements. `vretlib.report.render` escapes LaTeX, `vretlib.report.figures.plain` escapes figures.
"""

import re
import unicodedata
from html import escape

_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that change the direction of the following text, even outside their element."""


def one_line(text: str) -> str:
    """The text in one line: breaks become spaces, unprintable characters ``\N{REPLACEMENT CHARACTER}``."""
    return "".join(_shown(letter) for letter in text)


def html(text: str) -> str:
    """The text for an HTML page or output, without elements, entities and formulas."""
    return escape(one_line(text)).replace("\\", _apart("\\")).replace("$", _apart("$"))


def markdown(text: str) -> str:
    """The text for a Markdown file, with all markup escaped; other characters stay as they are."""
    return _marked(one_line(text).replace("\\", _HELD)).replace("$", r"\$").replace(_HELD, r"\\")


def caption(text: str) -> str:
    """The text for a Markdown output of a notebook: as `markdown`, and without formulas."""
    return _marked(one_line(text).replace("\\", _HELD)).replace("$", _apart("$")).replace(_HELD, _apart("\\"))


_HELD = "\ue000"  # stands for a backslash of the text while others are added; `one_line` leaves no such character


def _shown(letter: str) -> str:
    if letter in _BREAKS:
        return " "
    hidden = unicodedata.category(letter) in ("Cc", "Cs", "Co") or letter in _TURNS
    return "\N{REPLACEMENT CHARACTER}" if hidden else letter


def _marked(text: str) -> str:
    """The text with a backslash before everything that Markdown would read as markup."""
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
    """Markdown of `caption` with placeholders for its elements, for a renderer without HTML; see `released`."""
    return text.replace(_apart("$"), "\ue001").replace(_apart("\\"), _HELD)


def released(text: str) -> str:
    """The rendered form of `held` text, with dollars and backslashes in place of the placeholders."""
    return text.replace("\ue001", "$").replace(_HELD, "\\")
