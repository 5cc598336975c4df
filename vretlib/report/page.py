"""An executed notebook as one HTML page that opens offline; styles, pictures and formulas are inside it."""

import re
from pathlib import Path
from typing import Any

import jinja2
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

from vretlib import notebooks
from vretlib.report import escaping, site
from vretlib.report.files import write_text
from vretlib.report.formulas import mathml


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook as an HTML page, in one step."""
    write_text(path, html(notebook, default_title=path.stem))


def html(notebook: NotebookNode, default_title: str = "") -> str:
    """The notebook as an HTML page."""
    exporter = _Exporter(template_name="basic", anchor_link_text="#")
    body, _ = exporter.from_notebook_node(notebook)
    headings = re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', body, re.DOTALL)
    contents = [
        (anchor, re.sub(r"<a class=.anchor-link.*?</a>", "", text, flags=re.DOTALL)) for anchor, text in headings
    ]
    return site.render(
        "page.html.j2",
        title=notebooks.title(notebook, default_title),
        contents=contents,
        body=body,
        code_style=HtmlFormatter(style="default").get_style_defs(".highlight"),
    )


class _Renderer(IPythonRenderer):
    """Renders formulas as MathML, and links between notebooks as links between their pages."""

    def block_math(self, body: str) -> str:
        return mathml(body, display=True)

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, re.sub(r"^([^:/?#]+)\.ipynb(?=#|$)", r"\1.html", url), title)


class _Exporter(HTMLExporter):
    @jinja2.pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """HTML of Markdown. HTML inside it is kept in prose and escaped in outputs, which show users' file names."""
        cell = context.get("cell", {})
        shown = cell.get("cell_type") == "code"
        renderer = _Renderer(
            escape=shown,
            allow_harmful_protocols=not shown,
            attachments=cell.get("attachments", {}),
            anchor_link_text=self.anchor_link_text,
        )
        made = MarkdownWithMath(renderer=renderer).render(escaping.held(source) if shown else source)
        return escaping.released(made) if shown else made
