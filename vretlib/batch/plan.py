"""The tasks of a run: each chapter with its parameters, and the ingredients by which a repeated run is recognised."""

import hashlib
import platform
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from vretlib import notebooks, parameters, paths
from vretlib.batch import inputs, values
from vretlib.batch.chapters import ChapterNotebook
from vretlib.errors import UserError

INPUTS = "input files"
VERSIONS_OF = (
    "av",
    "matplotlib",
    "numba",
    "numpy",
    "opencv-contrib-python-headless",
    "pandas",
    "scikit-learn",
    "torch",
)


@dataclass(frozen=True)
class Task:
    """One chapter to run, with its given parameters and everything else that its results depend on."""

    chapter: ChapterNotebook
    parameters: dict[str, Any]
    ingredients: dict[str, Any]
    lacks: str = ""
    """Why it cannot run, in one sentence; empty if it can."""

    @property
    def name(self) -> str:
        """The chapter's name."""
        return self.chapter.name


def plan(
    chapters: Sequence[ChapterNotebook],
    profiles: Path,
    profile: str,
    given: Iterable[str] = (),
    output: Path | None = None,
) -> list[Task]:
    """One task per chapter.

    ``given`` are ``key=value`` texts; each is for every chapter that has such a parameter. ``output`` is the results
    folder, which may be inside a folder that is read.

    Raises
    ------
    UserError: an unknown profile, a parameter that no chosen chapter has or that has two values, or a value outside
        its domain (see `vretlib.parameters`). All of this is checked before any notebook starts.
    """
    settings = read_profile(profiles, profile)
    assignments = values.split_all(given)
    _refuse_unknown(chapters, assignments)
    return [_task(chapter, profile, settings.get(chapter.name, {}), assignments, output) for chapter in chapters]


def refuse_incomplete(tasks: Iterable[Task]) -> None:
    """Raise a `UserError` for the first task that cannot run, for example because a folder is not given."""
    for task in tasks:
        if task.lacks:
            raise UserError(f"{task.name}: {task.lacks}")


def read_profile(profiles: Path, profile: str) -> dict[str, dict[str, Any]]:
    """The parameters of a profile, by chapter name.

    Raises
    ------
    UserError: there is no such profile, its file does not give parameters by chapter, or it names a chapter without a
        notebook.
    """
    path = profiles / f"{profile}.yaml"
    known = sorted(p.stem for p in profiles.glob("*.yaml"))
    if profile not in known:
        raise UserError(f"--profile {profile}: no such profile; there are {', '.join(known) or 'none'} in {profiles}")
    settings = values.load(path.read_text(encoding="utf-8"), str(path)) or {}
    if not isinstance(settings, dict) or not all(isinstance(v, dict | None) for v in settings.values()):
        raise UserError(f"{path}: expected 'chapter_name: {{parameter: value}}' for each chapter")
    names = {p.stem for p in profiles.parent.glob("*.ipynb")}
    if unknown := sorted(set(settings) - names):
        raise UserError(f"{path}: no notebook is named {unknown[0]}; there are {', '.join(sorted(names))}")
    return {name: dict(chapter or {}) for name, chapter in settings.items()}


def _refuse_unknown(chapters: Sequence[ChapterNotebook], assignments: Mapping[str, str]) -> None:
    for name in assignments:
        if name == "results_dir":
            raise UserError("--param results_dir: the batch sets it; choose the folder with --output")
        if name == "profile":
            raise UserError("--param profile: choose it with --profile")
        if not any(name in chapter.parameters for chapter in chapters):
            offers = "; ".join(f"{c.name}: {', '.join(c.parameters) or 'none'}" for c in chapters)
            raise UserError(f"--param {name}: no chosen chapter has this parameter. They have {offers}")


def _task(
    chapter: ChapterNotebook,
    profile: str,
    settings: Mapping[str, Any],
    assignments: Mapping[str, str],
    output: Path | None,
) -> Task:
    offered, sources = chapter.parameters, {}
    if unknown := [name for name in settings if name not in offered]:
        raise UserError(f"profile {profile}: {chapter.name} has no parameter {unknown[0]}; it has {', '.join(offered)}")
    chosen = dict(settings)
    for name, value in settings.items():
        sources[name] = f"profile {profile}, {chapter.name}, {parameters.assignment(name, value)}"
    for name, text in assignments.items():
        if name in offered:
            chosen[name] = values.from_text(offered[name], text)
            sources[name] = f"{chapter.name}, {values.given(name, text)}"
    if "profile" in offered:
        chosen["profile"] = profile
    schema = parameters.schema(chapter.name, offered)
    whole = {name: parameter.default for name, parameter in offered.items()} | chosen
    for name, value in whole.items():  # paths in the page are relative to the page
        base = Path.cwd() if name in chosen else chapter.path.absolute().parent
        sources.setdefault(name, f"{chapter.name}, {parameters.assignment(name, value)}")
        whole[name] = parameters.located(schema, name, value, base, sources[name])
    whole = parameters.validated(schema, whole, chapter=chapter.name, sources=sources)
    given = {name: value for name, value in whole.items() if name in chosen}
    lacks = parameters.incomplete(schema, whole)
    files = parameters.files(schema, whole)
    made_of = ingredients(chapter, given, files, [paths.CACHE, *([output] if output else [])], runs=not lacks)
    return Task(chapter, given, made_of, lacks)


def ingredients(
    chapter: ChapterNotebook, given: Mapping[str, Any], files: Mapping[str, Path], excluded: Collection[Path] = (),
    *, runs: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Everything that the results of a run depend on. Runs with equal ingredients give equal tables.

    ``files`` are the files and folders that parameters name, by parameter. ``excluded`` are folders that the run
    writes. No file is read for a task that cannot run: a folder that was given by mistake may be of any size.
    """
    return {
        "notebook": notebooks.source_hash(chapter.notebook),
        "parameters": dict(sorted(given.items())),
        INPUTS: inputs.fingerprints(files, excluded) if runs else dict.fromkeys(files, ""),
        "library": library_hash(),
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in VERSIONS_OF},
    }


def changed(task: Task, earlier: Mapping[str, Any]) -> list[str]:
    """The ingredients in which a task differs from an earlier run."""
    return [name for name, value in task.ingredients.items() if earlier.get(name) != value]


def reason(task: Task, earlier: Mapping[str, Any]) -> str:
    """The differences as a text, such as ``new parameters, library; weights changed``; empty if there are none."""
    differs = changed(task, earlier)
    others = ", ".join(name for name in differs if name != INPUTS)
    files = inputs.changed(task.ingredients[INPUTS], earlier.get(INPUTS)) if INPUTS in differs else []
    return "; ".join([f"new {others}"] * bool(others) + [f"{', '.join(files)} changed"] * bool(files))


@cache
def library_hash() -> str:
    """A hash of the library's files and data, without the modules that only run notebooks."""
    excluded = {paths.ROOT / "vretlib" / "batch", paths.ROOT / "vretlib" / "__main__.py"}
    packages = [paths.ROOT / "embedded", paths.ROOT / "vretlib"]
    kept = [p for folder in packages for p in sorted(folder.rglob("*")) if "__pycache__" not in p.parts]
    # The default cache is excluded too: it may hold files although another one is in use.
    excluded |= {paths.CACHE, paths.DATA / "cache", paths.DATA / "real"}
    kept += sorted(paths.DATA.rglob("*"))
    digest = hashlib.sha256()
    for path in kept:
        if path.is_file() and not excluded & {path, *path.parents}:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(paths.ROOT)} {content}\n".encode())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"
