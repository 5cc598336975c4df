"""Parameters of notebook 04."""

from __future__ import annotations

from pydantic import Field

from vretlib.parameters.movies import Movies


class ImageToVideo(Movies):
    """Parameters of films, photographs, and the thresholds by which an answer is judged."""

    n_pairs: int = Field(
        615, ge=2, le=1_000_000, description="pairs of frames from which the thresholds are chosen; 615 in the thesis"
    )
    max_fpr: float = Field(0.0, ge=0, le=1, description="false positive rate that a threshold may have")
