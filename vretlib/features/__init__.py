"""Features of images: vectors of a network, local features, aggregates of both, and the screen in a photograph.

Maps of a network are torch tensors (n, channels, h, w), and what is pooled from them is a tensor. Functions of vectors
and of local features take numpy arrays or tensors on the CPU, and return the same kind.
"""

from typing import TYPE_CHECKING

from vretlib.lazy import on_demand

if TYPE_CHECKING:
    from vretlib.features.backbones import load as load_backbone
    from vretlib.features.encoding import bow, vlad
    from vretlib.features.fisher import FisherEncoder
    from vretlib.features.image_features import extract as describe_images
    from vretlib.features.image_features import neural_codes
    from vretlib.features.image_features import rmac as rmac_of_images
    from vretlib.features.local import orb_brief, sift
    from vretlib.features.pooling import mac, rmac, spoc
    from vretlib.features.regions import region_maxima
    from vretlib.features.screen import find_screen, rectify
    from vretlib.features.unit_vectors import l2
    from vretlib.features.whitening import Whitening
    from vretlib.features.whitening import from_arrays as whitening_from_arrays
    from vretlib.features.whitening import learn as learn_whitening
    from vretlib.features.whitening import load as load_whitening

__all__ = [
    "FisherEncoder",
    "Whitening",
    "bow",
    "describe_images",
    "find_screen",
    "l2",
    "learn_whitening",
    "load_backbone",
    "load_whitening",
    "mac",
    "neural_codes",
    "orb_brief",
    "rectify",
    "region_maxima",
    "rmac",
    "rmac_of_images",
    "sift",
    "spoc",
    "vlad",
    "whitening_from_arrays",
]

__getattr__, __dir__ = on_demand(__name__)
