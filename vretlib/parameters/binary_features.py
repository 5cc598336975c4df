"""Parameters of notebook 05."""

from __future__ import annotations

from pydantic import Field

from vretlib.parameters.movies import Movies


class BinaryFeatures(Movies):
    """Films searched by binary features."""

    film: str = Field(
        "",
        max_length=1000,
        pattern=r"^[^\x00]*$",
        description='film of Table 5.1 and of the pictures; "" takes the first',
    )
    sift: bool = Field(True, description="the SIFT system of Table 5.1, by far the slowest to describe")
    leaf_size: int = Field(100, ge=1, le=1_000_000, description="SL of Algorithm 1")
    backtracks: int = Field(50, ge=1, le=1_000_000, description="B of Algorithm 2, wherever one value is used")
