"""The data sets that chapters read: size, licence, how to obtain them, and how to tell that a copy is whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vretlib import cache
from vretlib.errors import UserError


@dataclass(frozen=True)
class DataSet:
    """One data set.

    Attributes
    ----------
    name: what ``python -m vretlib data verify NAME PATH`` calls it.
    chapters: numbers of the chapters that can use it.
    size, licence, obtain: for the reader.
    use: parameters that point a chapter at it, ``{path}`` standing for where it lies.
    check: looks at a copy and yields what it finds, file by file; None where there is nothing to check.
    """

    name: str
    title: str
    chapters: tuple[int, ...]
    size: str
    licence: str
    obtain: str
    use: str
    check: Callable[[Path], Iterator["Finding"]] | None = None


@dataclass(frozen=True)
class Finding:
    """What was found about one file: whether it is right, and a line that says so."""

    good: bool
    line: str


def verify(name: str, path: str | Path) -> Iterator[Finding]:
    """Check a copy of a data set, file by file; goes on after a bad one.

    Raises
    ------
    UserError: the name or the path does not exist, or there is nothing to check.
    """
    data, path = find(name), Path(path).expanduser()
    if data.check is None:
        raise UserError(f"{name}: nothing to verify; {data.obtain}")
    if not path.exists():
        raise UserError(f"{path}: no such file or folder. {data.title}: {data.obtain}")
    return data.check(path)


def find(name: str) -> DataSet:
    """A data set by name."""
    for data in DATA_SETS:
        if data.name == name:
            return data
    raise UserError(f"{name}: no such data set; there are {', '.join(data.name for data in DATA_SETS)}")


def _films(path: Path) -> Iterator[Finding]:
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


def _checksum(sha256: str) -> Callable[[Path], Iterator[Finding]]:
    def check(path: Path) -> Iterator[Finding]:
        if path.is_dir():
            raise UserError(f"{path}: is a folder; expected the file itself")
        found = cache.checksum(path)
        same = found == sha256
        yield Finding(same, f"{path.name}: sha256 {found}" + ("" if same else f"; expected {sha256}"))

    return check


DATA_SETS = (
    DataSet(
        name="embedded",
        title="Embedded films",
        chapters=(4, 5),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project draws, films and photographs them from a seed",
        use="dataset=embedded",
    ),
    DataSet(
        name="movies",
        title="Your own films",
        chapters=(4, 5),
        size="yours",
        licence="yours",
        obtain="a folder of films; beside them, if you took photographs, queries.csv (image, movie, frame)",
        use="dataset=folder data_root={path}",
        check=_films,
    ),
    DataSet(
        name="moviesdb",
        title="MoviesDB of the thesis (section 4.3)",
        chapters=(4, 5),
        size="40 films, 80 hours",
        licence="commercial films; the thesis does not distribute them",
        obtain="not available; a folder of films that you own, with queries.csv, has the same shape",
        use="dataset=folder data_root={path}",
        check=_films,
    ),
    DataSet(
        name="big-buck-bunny",
        title="Big Buck Bunny, 640x360, 24 fps, 9:56, without sound",
        chapters=(4, 5),
        size="32 MB",
        licence="CC BY 3.0, (c) 2008 Blender Foundation, www.bigbuckbunny.org",
        obtain="peach.blender.org/download; other renditions of the film serve as well, but have another checksum",
        use="dataset=folder data_root={path}",
        check=_checksum("475b1e4ae4b1c9ad6791e49a66151ad99a3c1cddf129a44377c3ec77c1d75528"),
    ),
)
