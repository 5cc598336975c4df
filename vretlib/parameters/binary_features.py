"""Parameters of notebook 05."""

from __future__ import annotations

import reprlib
from typing import Literal

from pydantic import Field

from vretlib.parameters.movies import Movies


class BinaryFeatures(Movies):
    """Parameters of the search of films by binary features."""

    film: str = Field(
        "",
        max_length=1000,
        pattern=r"^[^\x00]*$",
        description='film of Table 5.1 and of the pictures; "" takes the first that photographs show',
    )
    sift: bool = Field(True, description="the SIFT system of Table 5.1, by far the slowest to describe")
    outline: Literal["no", "found", "given"] = Field(
        "no",
        description="to what photographs are rectified before they are searched with, which the thesis does not do",
    )
    leaf_size: int = Field(100, ge=1, le=1_000_000, description="SL of Algorithm 1")
    backtracks: int = Field(50, ge=1, le=1_000_000, description="B of Algorithm 2, wherever one value is used")

    def incomplete(self) -> str:
        """Why a run cannot start: the film is not in the collection. Without this check it would end after minutes."""
        if (missing := super().incomplete()) or not self.film:
            return missing
        from vretlib.datasets import movies  # imported here, because it imports a decoder

        names = movies.names(self.dataset, root=self.data_root, n_films=self.n_films)
        if self.film in names:
            return ""
        few = ", ".join(reprlib.repr(name) for name in names[:12]) + (", …" if len(names) > 12 else "")
        return f"film={reprlib.repr(self.film)} is not there; expected one of {few}"
