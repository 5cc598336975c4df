r"""TeX formulas as MathML, which browsers render without scripts and without a network.

`latex2mathml` converts. Commands that it converts wrongly are rewritten first. A formula that it cannot read stays
TeX source in a code element, because a partly shown formula would mean something else.
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
    """A formula as a ``<math>`` element; None if a part of it cannot be converted."""
    for pattern, replacement in _REWRITES:
        tex = pattern.sub(replacement, tex)
    try:
        markup = convert(tex.strip(), display="block" if display else "inline")
    except Exception:  # a dozen unrelated exceptions, and IndexError for unbalanced braces
        return None
    return None if _NOT_READ.search(markup) else markup
