"""What is learned: similarities of two vectors, networks from pixels to a score, and encoders of shots.

Descriptors are numpy arrays or torch tensors (n, d), and scores of a trained model are of the same kind; losses and
forward passes take and return tensors.
"""

from typing import TYPE_CHECKING

from vretlib.lazy import on_demand

if TYPE_CHECKING:
    from vretlib.models.checkpoint import Checkpoint
    from vretlib.models.contrastive import contrastive_loss
    from vretlib.models.end_to_end import EndToEnd, fine_tune
    from vretlib.models.linear import Linear
    from vretlib.models.oasis import Oasis
    from vretlib.models.optimisation import OneCycle, Sgd
    from vretlib.models.pair_training import pair_loss, train_on_pairs
    from vretlib.models.pairs import random_pairs, random_triplets
    from vretlib.models.simnet import SimNet
    from vretlib.models.simnet_training import refine, train_simnet, warm_up
    from vretlib.models.temporal_encoder import TemporalEncoder
    from vretlib.models.temporal_training import train_encoder

__all__ = [
    "Checkpoint",
    "EndToEnd",
    "Linear",
    "Oasis",
    "OneCycle",
    "Sgd",
    "SimNet",
    "TemporalEncoder",
    "contrastive_loss",
    "fine_tune",
    "pair_loss",
    "random_pairs",
    "random_triplets",
    "refine",
    "train_encoder",
    "train_on_pairs",
    "train_simnet",
    "warm_up",
]

__getattr__, __dir__ = on_demand(__name__)
