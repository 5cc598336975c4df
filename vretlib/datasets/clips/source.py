"""The clips that a chapter's parameters name: embedded, the published collections, or videos of your own.

=============  =============================================================================  =========================
``dataset``    ``root``                                                                       kinds of queries
=============  =============================================================================  =========================
embedded       not used                                                                       SI2V, VB
stanford_i2v   the collection's folder, see `stanford_i2v`                                    SI2V, VB, or both
moviesdb       a folder of films with ``queries.csv``, or one film, see `own`                 photograph, or SI2V, VB
ntu_voi        a folder of clips, or of folders of frames, see `own`                          photograph, or SI2V, VB
folder         a folder of videos, or one video, see `own`                                    those of the list, or both
=============  =============================================================================  =========================
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vretlib.datasets import mended
from vretlib.datasets.clips import own
from vretlib.datasets.clips.collection import Clip, ClipStudy
from vretlib.datasets.clips.stanford_i2v import stanford_i2v
from vretlib.errors import UserError

log = logging.getLogger(__name__)


SOURCES = ("embedded", "stanford_i2v", "moviesdb", "ntu_voi", "folder")


def load(
    dataset: str,
    *,
    root: str | Path = "",
    queries_csv: str | Path = "",
    seed: int = 0,
    clip_seconds: float = own.CLIP_SECONDS,
    own_queries: int = 200,
    damaged: str = mended.REFUSE,
    **sizes: Any,
) -> ClipStudy:
    """Clips to search, queries, and training clips (embedded only) of a source.

    Parameters
    ----------
    dataset, root: name and folder of the source, see the module.
    queries_csv: the list of queries instead of ``queries.csv`` in the folder (moviesdb, ntu_voi and folder).
    seed: seed of the embedded clips, or of simulated queries.
    clip_seconds: length of the clips into which longer videos are cut (moviesdb and folder).
    own_queries: number of simulated queries of each kind where there is no list.
    damaged: treatment of videos that are cut short or damaged, one of `mended.CHOICES`.
    sizes: sizes of `embedded.embedded`, which other sources ignore.

    Raises
    ------
    UserError: ``dataset`` is not one of `SOURCES`, or ``root`` is empty or holds no such collection.
    """
    if dataset not in SOURCES:
        raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")
    mended.check(damaged)
    if dataset == "embedded":
        from vretlib.datasets.clips.embedded import embedded

        return embedded(seed=seed, **sizes)
    if not str(root):
        raise UserError(f"data_root is empty; with dataset={dataset!r} it must be a folder of videos or one video")
    if dataset == "stanford_i2v":
        return stanford_i2v(root, damaged=damaged)
    if dataset == "ntu_voi":
        return own.ntu_voi(root, queries_csv, n_queries=own_queries, seed=seed, damaged=damaged)
    return own.folder(root, queries_csv, clip_seconds=clip_seconds, n_queries=own_queries, seed=seed, damaged=damaged)


def training_clips(study: ClipStudy, sizes: Mapping[str, Any], *, at_least: int, seed: int = 0) -> tuple[Clip, ...]:
    """Training clips: those of the study, or, where it has none, clips of embedded films that this project draws.

    They are never the clips that are searched.

    Parameters
    ----------
    sizes: its ``training_films`` and ``training_clips`` are the numbers of embedded films and clips to draw.

    Raises
    ------
    UserError: there are fewer than ``at_least`` training clips.
    """
    clips = study.training
    if not clips:
        wanted = {name: sizes[name] for name in ("training_films", "training_clips") if name in sizes}
        if wanted.get("training_clips", at_least) < at_least:
            raise UserError(
                f"training_clips={wanted['training_clips']} of sizes: the collection has no clips to learn from, so "
                f"embedded ones are drawn; expected at least {at_least}"
            )
        log.info("no clips to learn from in this collection: embedded films are learned from")
        small: dict[str, Any] = {"films": 1, "film_seconds": 20.0, "channels": 0, "queries": 0}
        clips = load("embedded", seed=seed, **small, **wanted).training
    if len(clips) < at_least:
        raise UserError(
            f"{len(clips)} clips to learn from; expected at least {at_least}: raise training_clips of sizes"
        )
    return clips
