"""Parameters of notebook 02."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from vretlib.parameters.landmarks import COLLECTIONS, Landmarks


class Background(Landmarks):
    """Parameters of one collection, described and searched in every way of chapter 2."""

    dataset: Literal["embedded", "oxford_paris", "folder", "oxford5k", "paris6k", "roxford5k", "rparis6k"] = Field(
        "embedded", description="photographs made by this project, published ones, or a folder of your own"
    )
    collection: str = Field(
        "",
        max_length=255,
        description="the collection that is searched: Town A, Town B or Village; OX5K, PA6K or LA5K; empty: the first",
    )
    n_words: int = Field(256, ge=2, le=40_000, description="visual words of the bag of words")
    n_centres: int = Field(8, ge=1, le=4096, description="centres of VLAD and Gaussians of the Fisher vector")
    n_triplets: int = Field(5000, ge=1, le=100_000_000, description="triplets that OASIS learns from")
    followed: int = Field(
        15,
        ge=0,
        le=1_000_000,
        description="the query that this page follows, counted from 0; the default means the last of fewer",
    )

    @model_validator(mode="after")
    def _embedded_query(self) -> Background:
        known = COLLECTIONS.get(self.dataset, (self.collection,))
        if self.collection not in ("", *known):
            raise ValueError(
                f'collection={self.collection!r} is unknown; with dataset="{self.dataset}" expected one of '
                f"{', '.join(known)}"
            )
        if self.dataset == "embedded":
            sizes = self.sizes
            n = sizes.validation_queries if self.collection == "Village" else sizes.landmarks * sizes.queries
            default = type(self).model_fields["followed"].default
            if self.followed >= n and self.followed != default:
                raise ValueError(
                    f"followed={self.followed}: {self.collection or 'Town A'} has {n} queries, counted from 0; "
                    f"expected at most {n - 1}"
                )
        return self
