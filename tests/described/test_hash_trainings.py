"""What the committed hash functions of new people learn from, and what their queries search."""

from pathlib import Path

import numpy as np
import pytest

from vretlib.described import hash_trainings
from vretlib.described.faces import DescribedFaces, VideoFrames
from vretlib.models.committed_hash_networks import PEOPLE


def videos(per_person: int) -> VideoFrames:
    """Four people, whose videos have one frame each; its vector is the number of the person."""
    persons = np.repeat(np.arange(4), per_person)
    return VideoFrames(persons[:, None].astype(np.float32), np.arange(len(persons)), persons)


@pytest.fixture
def trained(monkeypatch):
    """The arguments of `hash_networks_recipe.train`, by name of the weights."""
    found = {}

    class Network:
        def last_block(self) -> None:
            return None

    def train(name, learn, asked, front, out, recipe, *, seed, database, data):
        found[name] = {"learn": learn, "asked": asked, "database": database, "data": data}
        return out

    monkeypatch.setattr(hash_trainings.face_network, "load", Network)
    monkeypatch.setattr(hash_trainings, "_faces", lambda *_, **__: DescribedFaces("four", videos(3), videos(1)))
    monkeypatch.setattr(hash_trainings.hash_networks_recipe, "train", train)
    for name in ("hash_layers_a", *PEOPLE.values()):
        hash_trainings.networks(name, Path("any.safetensors"), seed=0)
    return found


def people(frames: VideoFrames) -> set[float]:
    return set(frames.x[:, 0].tolist())


def test_all_people_are_learned_from_and_asked_for(trained):
    one = trained["hash_layers_a"]
    assert people(one["learn"]) == people(one["asked"]) == {0, 1, 2, 3}
    assert one["database"] is None
    assert one["data"] == hash_trainings.HASHED


def test_known_people_are_those_of_the_queries(trained):
    one = trained[PEOPLE["known"]]
    assert people(one["learn"]) == people(one["asked"])
    assert one["database"] is None


def test_new_people_search_among_themselves_with_what_others_taught(trained):
    one = trained[PEOPLE["new"]]
    assert not people(one["learn"]) & people(one["asked"])
    assert people(one["database"]) == people(one["asked"])
    assert len(people(one["learn"])) == 2
    assert one["data"]["new_people_share"] == 0.5
