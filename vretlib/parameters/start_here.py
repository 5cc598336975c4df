"""Parameters of notebook 01."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vretlib.parameters.base import Parameters


class StartHere(Parameters):
    """Parameters that restrict the board of claims."""

    paper: Literal["", "thesis", "instance_search", "face_retrieval", "hybrid_hashing", "key_frames"] = Field(
        "", description='only the claims of this paper; "" is all five'
    )
    verdict: Literal["", "holds", "undecided", "holds in part", "reversed", "not testable"] = Field(
        "", description='only the claims with this verdict; "" is all'
    )
