"""The methods of Table III without a network, by name: how each makes a hash function of vectors (paper 001, IV-D)."""

from __future__ import annotations

from vretlib.models.hashing import bre, cca_itq, itq, ksh, lsh, spectral
from vretlib.models.hashing.hash_recipe import Fit
from vretlib.models.hashing.hasher import Hasher

METHODS: dict[str, Fit[Hasher]] = {
    "lsh": lambda x, _, k, rng: lsh.fit(x, k, rng),
    "sh": lambda x, _, k, rng: spectral.fit(x, k),  # noqa: ARG005
    "itq": lambda x, _, k, rng: itq.fit(x, k, rng),
    "sitq": cca_itq.fit,
    "bre": lambda x, _, k, rng: bre.fit(x, k, rng),
    "ksh": ksh.fit,
}
