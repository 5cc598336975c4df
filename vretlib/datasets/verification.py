"""Looking at a copy of a data set: whether its files are there, whole, and fit one another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vretlib import checksums
from vretlib.errors import UserError


@dataclass(frozen=True)
class Finding:
    """What was found about one file: whether it is right, and a line that says so."""

    good: bool
    line: str


def films(path: Path) -> Iterator[Finding]:
    """Every film can be read; the list of queries, if there is one, fits them."""
    from vretlib.datasets import movies
    from vretlib.video import frames

    films = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix.lower() in movies.EXTENSIONS)
    if not films:
        yield Finding(False, f"{path}: holds no film; expected files ending in {', '.join(movies.EXTENSIONS)}")
    whole = True
    for film in films:
        try:
            info = frames.probe(film)
            yield Finding(
                True,
                f"{film.name}: {info.width}x{info.height}, {info.n_frames} frames, {info.duration:.1f} s",
            )
        except UserError as error:
            whole = False
            yield Finding(False, str(error))
    if films and whole and (path / "queries.csv").is_file():
        try:
            yield Finding(True, f"queries.csv: {len(movies.folder(path, say=lambda _: None).queries)} queries")
        except UserError as error:
            yield Finding(False, str(error))


def collection(dataset: str) -> Callable[[Path], Iterator[Finding]]:
    """The ground truth fits the images, and every image of the database can be read."""

    def check(path: Path) -> Iterator[Finding]:
        from vretlib.datasets.landmarks import source

        said: list[str] = []
        try:
            made = source.collection(dataset, root=path, say=said.append)
        except UserError as error:
            yield Finding(False, str(error))
            return
        yield from (Finding(True, line) for line in said)
        yield from _readable(list(dict.fromkeys([*made.images, *(query.path for query in made.queries)])))

    return check


def clips(dataset: str) -> Callable[[Path], Iterator[Finding]]:
    """The ground truth fits the videos and the query images, and every video can be read."""

    def check(path: Path) -> Iterator[Finding]:
        from vretlib.datasets.clips import source
        from vretlib.video import frames

        said: list[str] = []
        try:
            made = source.load(dataset, root=path, say=said.append).evaluation
        except UserError as error:
            yield Finding(False, str(error))
            return
        yield from (Finding(True, line) for line in said)
        bad = 0
        for clip in made.clips:
            try:
                frames.probe(clip.path)
            except UserError as error:
                bad += 1
                yield Finding(False, str(error))
        yield Finding(bad == 0, f"{len(made.clips) - bad:,} of {len(made.clips):,} videos can be read")
        yield from _readable([query.path for query in made.queries])

    return check


def distractors(path: Path) -> Iterator[Finding]:
    from vretlib.datasets.landmarks import source

    yield from _readable(source.distractors(path, say=lambda _: None))


def _readable(paths: Sequence[Path]) -> Iterator[Finding]:
    """A line for every image that cannot be read, and one for all that can."""
    from vretlib.datasets import images

    bad = 0
    for path in paths:
        try:
            images.check(path)
        except UserError as error:
            bad += 1
            yield Finding(False, str(error))
    yield Finding(bad == 0, f"{len(paths) - bad:,} of {len(paths):,} images can be read")


def checksum(sha256: str) -> Callable[[Path], Iterator[Finding]]:
    def check(path: Path) -> Iterator[Finding]:
        if path.is_dir():
            raise UserError(f"{path}: is a folder; expected the file itself")
        found = checksums.read(path)
        same = found == sha256
        yield Finding(same, f"{path.name}: sha256 {found}" + ("" if same else f"; expected {sha256}"))

    return check
