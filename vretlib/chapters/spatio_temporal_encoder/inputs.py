"""What chapter 6 starts from: clips, queries and one film as R-MAC of a spatial encoder, and the film's shots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.clips import source
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipStudy
from vretlib.datasets.movies import MovieCollection
from vretlib.errors import UserError
from vretlib.features import image_features
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import ImageFeatures
from vretlib.features.whitening import Whitening
from vretlib.models import committed_encoders, trained_encoders
from vretlib.models.committed_encoders import Committed, Descriptors
from vretlib.models.trained_encoders import EncoderRecipe, EncoderSet
from vretlib.models.training_shots import FEWEST, TrainingShots
from vretlib.video import clip_features, encoded_film, packets
from vretlib.video.clip_features import ClipFeatures
from vretlib.video.encoded_film import EncodedFilm
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class EncodedStudy:
    """A study through the spatial encoder.

    Attributes
    ----------
    backbone, fps, image_side: the network, the sampled frames a second, and the pixels of their longer side.
    collection: clips and queries.
    training: clips of other films, from which whitening and temporal encoder are learned.
    clips, queries, training_clips: region maxima of the clips' frames, of the queries, of the training clips' frames.
    whitening: that of the committed encoders, or one learned on the training clips.
    committed: the committed encoders, if they read such descriptors; otherwise the reason why they are not used.
    x, xq, x_training: float32 (n, d), R-MAC of the same three.
    """

    backbone: Backbone = field(repr=False)
    fps: float
    image_side: int
    collection: ClipCollection
    training: tuple[Clip, ...]
    clips: ClipFeatures = field(repr=False)
    queries: ImageFeatures = field(repr=False)
    training_clips: ClipFeatures = field(repr=False)
    whitening: Whitening = field(repr=False)
    committed: Committed | str = field(repr=False)
    x: F32 = field(repr=False)
    xq: F32 = field(repr=False)
    x_training: F32 = field(repr=False)

    @property
    def frames(self) -> SampledFrames:
        """Which frames of the clips were looked at."""
        return self.clips.frames

    @property
    def paths(self) -> list[Path]:
        """The videos of the clips."""
        return [clip.path for clip in self.collection.clips]

    @property
    def hours(self) -> float:
        """Length of all clips together."""
        return sum(packets.packet_index(path).duration for path in self.paths) / 3600


def describe(
    study: ClipStudy, backbone: Backbone, sizes: Mapping[str, Any], *, fps: float, image_side: int, encoders: str,
    seed: int,
) -> EncodedStudy:  # fmt: skip
    """R-MAC of clips, queries and training clips, whitened.

    ``sizes`` are those of the page: see `vretlib.datasets.clips.source.training_clips`. With ``encoders`` "committed",
    the whitening is that of the committed encoders, if they read such descriptors. Otherwise it is learned here.

    Raises
    ------
    UserError: no queries, or too few training clips.
    """
    if not study.evaluation.queries:
        raise UserError(f"{study.evaluation.name}: no queries; the chapter needs images to search with")
    training = source.training_clips(study, sizes, at_least=FEWEST, seed=seed)
    training_features, features = (
        clip_features.describe([clip.path for clip in some], backbone, fps=fps, longest=image_side)
        for some in (training, study.evaluation.clips)
    )
    queries = encoded_film.of_queries([query.path for query in study.evaluation.queries], backbone, image_side)
    committed = committed_encoders.chosen(encoders, Descriptors(backbone.name, backbone.checksum, fps, image_side))
    if isinstance(committed, Committed):
        whitening = committed.whitening
    else:
        whitening = clip_features.whitening_of_clips(training_features, f"{len(training)} clips of other films")
    return EncodedStudy(
        backbone, fps, image_side, study.evaluation, training, features, queries, training_features, whitening,
        committed, features.rmac(whitening), image_features.rmac(queries, whitening), training_features.rmac(whitening),
    )  # fmt: skip


def encoders(described: EncodedStudy, shots: TrainingShots, recipe: EncoderRecipe, seeds: Sequence[int]) -> EncoderSet:
    """The committed encoders if the study is described for them; otherwise they are trained here, for each seed."""
    if isinstance(described.committed, Committed):
        return described.committed.encoders
    trained, _ = trained_encoders.train_set(shots, recipe, seeds)
    return replace(trained, note=f"{trained.note}; {described.committed}")


def film(collection: MovieCollection, described: EncodedStudy, threshold: float) -> EncodedFilm:
    """The only film of a collection, described as the clips are: the same whitening, the same threshold."""
    images, shown = zip(*((query.image, query.frame) for query in collection.queries), strict=True)
    return encoded_film.describe(
        collection.movies[0], images, shown, described.backbone, described.whitening, fps=described.fps,
        longest=described.image_side, threshold=threshold,
    )  # fmt: skip
