"""The chapters' notebooks, named ``NN_topic.ipynb``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from vretlib import notebooks, parameters
from vretlib.errors import UserError


@dataclass(frozen=True)
class ChapterNotebook:
    """The notebook of one chapter."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name without ending, such as ``05_binary_features``; also the name of its results folder."""
        return self.path.stem

    @property
    def number(self) -> int:
        """The number at the start of the name."""
        return int(self.name.split("_")[0])

    @cached_property
    def notebook(self) -> NotebookNode:
        """The notebook's content."""
        return notebooks.read(self.path)

    @cached_property
    def parameters(self) -> dict[str, notebooks.Parameter]:
        """The parameters of its parameters cell, by name."""
        return notebooks.parameters(self.notebook, self.path)

    @property
    def title(self) -> str:
        """Its first heading."""
        return notebooks.title(self.notebook, self.name)


def find(folder: Path) -> list[ChapterNotebook]:
    """The chapters in a folder, by number.

    Raises
    ------
    UserError: the folder has no notebook named NN_topic.ipynb.
    """
    chapters = [ChapterNotebook(path) for path in folder.glob("*.ipynb") if re.match(r"\d+(_|$)", path.stem)]
    if not chapters:
        raise UserError(f"{folder}: no notebooks named NN_topic.ipynb there")
    return sorted(chapters, key=lambda chapter: (chapter.number, chapter.name))


def select(chapters: Sequence[ChapterNotebook], wanted: Iterable[str]) -> list[ChapterNotebook]:
    """The chapters with the wanted numbers (``5``, ``05``) or names; all of them if nothing is wanted.

    Raises
    ------
    UserError: no chapter has a wanted number or name; the message lists the existing ones.
    """
    wanted = list(wanted)
    chosen = [chapter for chapter in chapters if not wanted or any(_is(chapter, w) for w in wanted)]
    unknown = [w for w in wanted if not any(_is(chapter, w) for chapter in chapters)]
    if unknown:
        valid = ", ".join(f"{chapter.number} ({chapter.name})" for chapter in chapters)
        raise UserError(f"--chapter {unknown[0]}: no such chapter; there are {valid}")
    return chosen


def described(chapter: ChapterNotebook) -> Iterator[str]:
    """Lines for readers about a chapter and its parameters: name, default, meaning, and what a value may be."""
    yield f"{chapter.number:2d}  {chapter.title}  ({chapter.path.name})"
    width = max(map(len, chapter.parameters), default=0)
    fields = parameters.schema(chapter.name, chapter.parameters).model_fields
    for name, parameter in chapter.parameters.items():
        yield f"      {name.ljust(width)} = {parameter.default!r}   {parameters.described(fields[name])}"
        for line in parameters.described_keys(fields[name]):
            yield f"      {'':{width}}     {line}"


def _is(chapter: ChapterNotebook, wanted: str) -> bool:
    return chapter.name == wanted.removesuffix(".ipynb") or wanted.lstrip("0") == str(chapter.number)
