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
    """Clips to search, queries, and clips to learn from (embedded only), by name of their source.

    Parameters
    ----------
    queries_csv: of moviesdb, ntu_voi and folder: the list of queries, instead of ``queries.csv`` in the folder.
    seed: of the embedded clips, or of simulated queries.
    clip_seconds: of moviesdb and folder: the length of clips that longer videos are cut into.
    own_queries: of each kind, where no list is given and they are simulated.
    damaged: what becomes of a video that is cut short or damaged, one of `mended.CHOICES`.
    sizes: those of `embedded.embedded`; the other sources have the size they have.

    Raises
    ------
    UserError: ``dataset`` is not one of `SOURCES`, ``root`` is empty or holds nothing of the kind.
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
    """Clips to learn from: those of the study, or, where it has none, embedded films that this project draws.

    They are never the clips that are searched.

    Parameters
    ----------
    sizes: ``training_films`` and ``training_clips`` among them say how many embedded films and clips are drawn.

    Raises
    ------
    UserError: fewer than ``at_least`` clips to learn from.
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
