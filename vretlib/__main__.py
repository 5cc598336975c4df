"""The command line: ``python -m vretlib --help``."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from vretlib import logs, paths
from vretlib.errors import UserError
from vretlib.real_runs import hash_commands, region_commands, text_commands


class _Group(click.Group):
    """A `UserError` becomes one line and status 2, a signal its own status; other errors show their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores SIGHUP, which is respected
                signal.signal(number, _stop)
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt as stop:
            ctx.exit(128 + (stop.args[0] if stop.args else signal.SIGINT))


def _stop(number: int, _: object) -> None:
    """End like Ctrl-C, together with all running notebooks."""
    raise KeyboardInterrupt(number)


class _Path(click.Path):
    """A path with ``~`` expanded to the home folder; a text that cannot be a path is a `UserError`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from vretlib.parameters import places

        try:
            places.absolute(str(value)).lstat()
        except (FileNotFoundError, NotADirectoryError):
            pass  # commands check whether it must exist
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise UserError(f"{places.short(str(value))}: no path that can be used ({reason})") from None
        return super().convert(Path(value).expanduser(), param, ctx)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="vretlib", message="%(version)s")
def main() -> None:
    """Reproduce the tables and figures of five papers on visual retrieval, chapter by chapter."""
    logs.show()


@main.command()
@click.option(
    "--chapter", "-c", multiple=True, metavar="N", help="Only this chapter (number or name); may be repeated."
)
@click.option(
    "--profile",
    "-p",
    default="embedded",
    show_default=True,
    metavar="NAME",
    help="Parameter file in notebooks/profiles: smoke, embedded, paper.",
)
@click.option(
    "--param",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter, for every chosen chapter that has it; may be repeated.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="N",
    help="Notebooks at once. Default: one for each core up to four; with more than eight cores, one for every two.",
)
@click.option(
    "--output",
    "-o",
    type=_Path(file_okay=False, path_type=Path),
    default=None,
    metavar="DIR",
    help="Results folder. Default: results/ in the project, or VRETLIB_RESULTS.",
)
@click.option("--force", is_flag=True, help="Run chapters again even if nothing has changed.")
@click.option(
    "--cluster",
    envvar="CLUSTER",
    default="",
    metavar="tcp://HOST:PORT",
    help="Run on this Dask cluster (also: CLUSTER in the environment).",
)
def tables(
    chapter: tuple[str, ...],
    profile: str,
    given: tuple[str, ...],
    jobs: int | None,
    output: Path | None,
    force: bool,
    cluster: str,
) -> None:
    """Run chapters and write their tables and figures.

    Each notebook runs in a process of its own. A chapter that was run with the same notebook, parameters, library and
    input files is not run again; the same command continues an interrupted run. The exit status is 0 if every chapter
    ran and all numbers are within tolerance, 1 if not, and 2 for a mistake in the command. --jobs and --cluster are not
    accepted together.

    \b
    Examples:
      python -m vretlib tables                              every chapter, embedded data
      python -m vretlib tables -c 5 --profile smoke         chapter 5 in seconds
      python -m vretlib tables -c 5 --param seed=7 -o /tmp/seed7
      python -m vretlib tables -c 5 --param dataset=folder --param data_root=~/films
    """  # noqa: D301  (click wants the character)
    from vretlib.batch import summary
    from vretlib.batch import tables as run

    if jobs and cluster:
        raise UserError("--jobs: counts notebooks on this machine; a cluster's workers say how many each takes")
    outcome = run.make(
        paths.NOTEBOOKS,
        paths.results(output or ""),
        chapter=chapter,
        profile=profile,
        given=given,
        jobs=jobs,
        cluster=cluster,
        force=force,
    )
    if failed := summary.failures(outcome.folder, outcome.ran.values()):
        click.echo(f"\n{failed}")
    click.echo(f"\n{summary.table(outcome.entries)}")
    if outcome.written:
        click.echo(f"\nall of it: {outcome.folder.root / 'index.html'}")
    sys.exit(0 if outcome.good else 1)


@main.command("real-film")
@click.argument("film", type=_Path(path_type=Path))
@click.option("--chapter", "-c", multiple=True, metavar="N", help="Only this chapter of 5, 6 and 8; may be repeated.")
@click.option("--param", "given", multiple=True, metavar="KEY=VALUE", help="A parameter, as for tables.")
@click.option(
    "--output",
    "-o",
    type=_Path(file_okay=False, path_type=Path),
    default=None,
    metavar="DIR",
    help="Results folder. Default: real_film in the results folder of the project.",
)
def real_film(film: Path, chapter: tuple[str, ...], given: tuple[str, ...], output: Path | None) -> None:
    """Run chapters 5, 6 and 8 on the film FILM, and write README's tables of it.

    Photographs of the film are simulated: 210 for chapter 5, 200 of each kind for the others. The tables are printed
    and written into real_film.md in the results folder.

    \b
    Examples:
      python -m vretlib real-film ~/films/big_buck_bunny_360p.mp4
      python -m vretlib real-film ~/films/mine.mp4 -c 5 --param outline=found
      python -m vretlib real-film ~/films/mine.mp4 --param backbone=squeezenet1_1 --param weights=imagenet
    """  # noqa: D301
    from vretlib.batch import real_film as on_film

    outcome, text = on_film.make(film, output or paths.results() / "real_film", chapter=chapter, given=given)
    click.echo(f"\n{text}")
    sys.exit(0 if outcome.good else 1)


main.add_command(region_commands.regions)
main.add_command(region_commands.faces)
main.add_command(region_commands.boxes)
main.add_command(hash_commands.hashes)
main.add_command(text_commands.texts)


@main.command("chapters")
def list_chapters() -> None:
    """List the chapters and their parameters: name, default, meaning, and what a value may be."""
    from vretlib.batch import chapters

    for chapter in chapters.find(paths.NOTEBOOKS):
        for line in chapters.described(chapter):
            click.echo(line)


@main.group(invoke_without_command=True)
@click.pass_context
def data(context: click.Context) -> None:
    """List the data sets: size, licence, how to obtain and use them.

    \b
    Examples:
      python -m vretlib data
      python -m vretlib data verify movies ~/films
      python -m vretlib data verify big-buck-bunny ~/films/big_buck_bunny_360p.mp4
    """  # noqa: D301
    from vretlib.datasets import registry

    if context.invoked_subcommand is None:
        for item in registry.DATA_SETS:
            chapters = ", ".join(map(str, item.chapters))
            click.echo(f"{item.name}: {item.title} (chapters {chapters})")
            for name, text in (("size", item.size), ("licence", item.licence), ("obtain", item.obtain)):
                click.echo(f"    {name:8}{text}")
            click.echo("    use     " + " ".join(f"--param {part}" for part in item.use.format(path="PATH").split()))


@data.command()
@click.argument("name")
@click.argument("path", type=_Path(path_type=Path))
def verify(name: str, path: Path) -> None:
    """Check that the copy of data set NAME at PATH is complete. The exit status is 1 if it is not."""
    from vretlib.datasets import registry

    findings = []
    for finding in registry.verify(name, path):
        findings.append(finding)
        click.echo(f"{'ok ' if finding.good else 'BAD'}  {finding.line}")
    sys.exit(0 if all(finding.good for finding in findings) else 1)


@main.command()
@click.argument("name", required=False)
@click.option(
    "--out",
    "-o",
    type=_Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The .safetensors file; its card goes beside it as .json. Default: where the library looks, data/weights.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N", help="Seed of everything random. Default: 0.")
@click.option("--force", is_flag=True, help="Replace an existing file and its card.")
@click.option("--device", metavar="NAME", help="Where a detector is trained: cpu, cuda or cuda:N. Default: cpu.")
def weights(name: str | None, out: Path | None, seed: int | None, force: bool, device: str | None) -> None:
    """List the networks' weights, or train those of NAME anew.

    On two cores training takes from five minutes (face_network) to forty (temporal_encoders); the detectors of objects
    were not timed. The file is written at the end, and an existing file is only replaced with --force. The same command
    continues an interrupted training. A GPU rounds differently and draws other random numbers, so the weights that it
    makes differ from those of a CPU. The options need NAME.

    \b
    Examples:
      python -m vretlib weights
      python -m vretlib weights vgg16 --out vgg16.safetensors
      python -m vretlib weights vgg16_fine_tuned --seed 1 --out other.safetensors
      python -m vretlib weights detector_vgg16_c --device cuda --out other.safetensors
    """  # noqa: D301
    from vretlib import parameters
    from vretlib import weights as committed

    if name is not None:
        committed.train(name, out, seed=seed or 0, force=force, device=parameters.device(device or "cpu"))
    elif out or force or device or seed is not None:
        raise UserError("--out, --seed, --force and --device are for training: give the NAME of the weights too")
    else:
        for line in committed.listing():
            click.echo(line)


@main.command()
@click.option(
    "--chapter", "-c", multiple=True, metavar="N", help="Only this chapter (number or name); may be repeated."
)
def record(chapter: tuple[str, ...]) -> None:
    """Run the notebooks with their defaults and record their numbers and outputs.

    The numbers are written into data/recorded and the outputs into notebooks/, without timestamps, random ids and
    widget state, which change from run to run. Look at the differences before you commit them.
    """
    from vretlib.batch import recording

    recording.record(paths.NOTEBOOKS, chapter)


@main.command()
@click.argument("notebooks", nargs=-1, type=_Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only list what would change; exit status 1 if anything would.")
def strip(notebooks: tuple[Path, ...], check: bool) -> None:
    """Remove volatile metadata from notebooks; outputs stay. Default: all of notebooks/."""
    from vretlib.batch import recording

    changed = recording.strip(notebooks or sorted(paths.NOTEBOOKS.glob("*.ipynb")), write=not check)
    for path in changed:
        click.echo(f"{'would change' if check else 'changed'}: {os.path.relpath(path)}")
    sys.exit(1 if check and changed else 0)


if __name__ == "__main__":
    main(prog_name="python -m vretlib")
