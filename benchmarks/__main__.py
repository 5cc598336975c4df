"""``python -m benchmarks``: every subject, or one, timed on this machine."""

import importlib
import os
import pkgutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import click

import benchmarks
from vretlib import logs
from vretlib.tuning import CPU

HELPERS = {"__main__", "report", "competitors", "timing", "hash_formulas"}
SUBJECTS = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in HELPERS)


@click.command()
@click.option("--only", type=click.Choice(SUBJECTS), multiple=True, help="One subject; may be repeated.")
@click.option("--quick", is_flag=True, help="Seconds instead of minutes: proves the code, the numbers mean nothing.")
@click.option("--film", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A real film to measure on.")
@click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A trained network, such as squeezenet1_1-b8a52dc0.pth: descriptors are compared with it too.",
)
@click.option("--seed", default=0, show_default=True)
@click.option("--threads", default=min(2, os.cpu_count() or 1), show_default=True, help="The same for every method.")
@click.option("--output", type=click.Path(path_type=Path), help="Instead of results/bench.")
def main(
    only: tuple[str, ...],
    quick: bool,
    film: Path | None,
    weights: Path | None,
    seed: int,
    threads: int,
    output: Path | None,
) -> None:
    """Measure, write JSON and a picture for each subject, and print the targets.

    The exit status is 1 if a target is missed.
    """
    logs.show()
    _limit_threads(threads)
    from benchmarks import report  # these import numba, which reads the limit once
    from vretlib import paths
    from vretlib.errors import UserError

    folder = output or paths.results() / "bench"
    options = benchmarks.Options(quick=quick, seed=seed, threads=threads, film=film, weights=weights)
    missed = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for subject in only or SUBJECTS:
            rows = measure(subject, options, folder)
            click.echo(f"\n{report.table(rows, options)}\n{folder / subject}.json, .png\n")
            missed |= any(row.goal is not None and not row.goal.reached for row in rows)
    except (UserError, OSError) as mistake:
        raise click.ClickException(str(mistake)) from mistake
    sys.exit(1 if missed and not quick else 0)


def measure(subject: str, options: benchmarks.Options, folder: Path) -> list[benchmarks.Row]:
    """Measure one subject, and write its JSON and its picture."""
    from benchmarks import report

    module: ModuleType = importlib.import_module(f"benchmarks.{subject}")
    rows: list[benchmarks.Row] = module.run(options)
    report.write_json(rows, options, folder / f"{subject}.json")
    getattr(module, "plot", report.bars)(rows, folder / f"{subject}.png")
    return rows


def _limit_threads(threads: int) -> None:
    """Set one number of threads for FAISS, torch and numba."""
    for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(threads)


def _begin_again(variables: Mapping[str, str]) -> None:
    """Start the process again with variables that are read only at its start, unless all of them are set."""
    if not variables.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]], {**variables, **os.environ})


if __name__ == "__main__":
    _begin_again(CPU)
    main()
