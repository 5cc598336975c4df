r"""TeX formulas as MathML, which browsers show by themselves: a page needs no script and no network for them.

:mod:`latex2mathml` does the work. What it gets wrong is first put into words that it knows; what it cannot read stays
TeX source, marked as code, since a formula shown in part reads like another formula.
"""

import re
from html import escape

from latex2mathml.converter import convert

_REWRITES = (
    (re.compile(r"\\(begin|end)\{(?:aligned|align\*?|equation\*?|gather(?:ed|\*)?)\}"), r"\\\1{split}"),
    (re.compile(r"\\operatorname\*?\s*\{([^{}]*)\}"), r"\\mathrm{\1}"),
    (re.compile(r"\\arg(?![A-Za-z])"), r"\\mathrm{arg}\\,"),
    (re.compile(r"\\(?:label|nonumber|notag)(?:\{[^{}]*\})?"), ""),
)
_NOT_READ = re.compile(r">[^<>]*\\[A-Za-z]+[^<>]*<|<m[ion]>&</m[ion]>|<mo\s*/>|<merror")


def mathml(tex: str, *, display: bool = False) -> str:
    """A formula as a ``<math>`` element, or as ``<code>`` with its source if it cannot be converted."""
    return converted(tex, display=display) or f'<code class="tex">{escape(tex.strip())}</code>'


def converted(tex: str, *, display: bool = False) -> str | None:
    """A formula as a ``<math>`` element; None if some of it is not understood."""
    for pattern, replacement in _REWRITES:
        tex = pattern.sub(replacement, tex)
    try:
        markup = convert(tex.strip(), display="block" if display else "inline")
    except Exception:  # a dozen unrelated exceptions, and IndexError for unbalanced braces
        return None
    return None if _NOT_READ.search(markup) else markup
