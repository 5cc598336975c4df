"""The end of a run: one table, the failures, and the entries of ``index.html``."""

from collections.abc import Iterable, Mapping, Sequence

from tabulate import tabulate  # type: ignore[import-untyped]

from vretlib.batch import records
from vretlib.batch.chapters import ChapterNotebook
from vretlib.batch.records import Failure, Folder, Record
from vretlib.report import collected, index


def entries(
    folder: Folder, chapters: Sequence[ChapterNotebook], ran: Mapping[str, Record] = {}, reused: Sequence[str] = ()
) -> list[index.Entry]:
    """The entry of each chapter in a results folder, from this run or, for other chapters, from earlier ones."""
    return [
        _entry(folder, chapter, ran[chapter.name], "done")
        if chapter.name in ran
        else _entry(
            folder,
            chapter,
            records.read(folder.record(chapter.name)),
            "done before" if chapter.name in reused else "earlier run",
        )
        for chapter in chapters
    ]


def _entry(folder: Folder, chapter: ChapterNotebook, record: Record | None, state: str) -> index.Entry:
    try:
        results = collected.read(folder.root / chapter.name)
    except (OSError, ValueError, LookupError) as error:
        why = f"{folder.root / chapter.name}: not readable ({error}); run the chapter again with --force"
        nothing = collected.read(folder.root / ".none" / chapter.name)
        return index.Entry(chapter.title, nothing, state=state, failure=why)
    if record is None:
        started = results.about or folder.partial(chapter.name).exists()
        return index.Entry(chapter.title, results, state="interrupted" if started else "not run")
    failure = record.failure
    has_page = folder.page(chapter.name).exists()
    return index.Entry(
        title=chapter.title,
        collected=results,
        page=f"notebooks/{chapter.name}.html" if has_page else "",
        notebook=f"notebooks/{chapter.name}.ipynb",
        seconds=record.seconds,
        state=state,
        failure=short(failure) if failure else "",
        traceback=failure.traceback if failure else "",
    )


def short(failure: Failure) -> str:
    """A failure in one line."""
    where = f"cell {failure.cell}: " if failure.cell else ""
    return f"{where}{failure.kind}: {' '.join(failure.message.split())}"


def table(shown: Sequence[index.Entry]) -> str:
    """The table for the terminal."""
    rows = [(*index.board(entry)[:-1], _shortened(index.board(entry)[-1], 60)) for entry in shown]
    return tabulate(rows, headers=index.HEADINGS, disable_numparse=True, colalign=["left", *["right"] * 4, "left"])


def failures(folder: Folder, ran: Iterable[Record]) -> str:
    """The failures with their cells and tracebacks."""
    parts = []
    for name, failure in ((record.name, record.failure) for record in ran):
        if failure is None:
            continue
        parts += [f"{name} failed in {short(failure)}"]
        parts += ["    " + line for line in failure.source.splitlines()]
        parts += [failure.traceback] if failure.traceback else []
        parts += [f"see {folder.page(name)}" if folder.page(name).exists() else ""]
    return "\n".join(parts)


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
