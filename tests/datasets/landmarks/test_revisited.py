"""The revisited ground truth: a pickle of plain data, and of nothing else."""

import os
import pickle
import pickletools

import numpy as np
import pytest

from vretlib.datasets.landmarks import revisited
from vretlib.errors import UserError

ENTRY = {"bbx": [1, 2.5, 30, 39], "easy": [2, 0], "hard": [3], "junk": [1]}
TRUTH = {"imlist": ["b", "a", "c", "d"], "qimlist": ["q_1"], "gnd": [ENTRY]}


@pytest.fixture
def root(tmp_path, photograph):
    for name in ("a", "b", "c", "d", "q_1", "unused"):
        photograph(f"rox/jpg/{name}.jpg")
    _pickle(tmp_path / "rox", TRUTH)
    return tmp_path / "rox"


def _pickle(root, truth, protocol=2):
    (root / "gnd_roxford5k.pkl").write_bytes(pickle.dumps(truth, protocol))


def test_ids_are_positions_in_imlist_and_easy_and_hard_are_good_and_ok(root, said):
    made = revisited.revisited(root)
    assert [path.stem for path in made.images] == ["b", "a", "c", "d"]
    [query] = made.queries
    assert (query.name, query.landmark, query.path, query.image) == ("q_1", "q", root / "jpg/q_1.jpg", None)
    assert query.box == (1, 2.5, 30, 39)
    assert [ids.tolist() for ids in (query.good, query.ok, query.junk)] == [[0, 2], [3], [1]]
    assert query.ok.dtype == np.int64
    assert said == ["roxford5k: 4 images, 1 queries"]


def test_the_old_protocol_has_ok_alone_and_its_queries_in_the_database(root, said):
    _pickle(root, TRUTH | {"qimlist": ["c"], "gnd": [{"bbx": (0, 0, 9, 9), "ok": [2, 3], "junk": []}]})
    [query] = revisited.revisited(root).queries
    assert query.image == 2
    assert (query.good.tolist(), query.ok.tolist(), query.junk.tolist()) == ([], [2, 3], [])


def test_names_may_have_their_extension(root, said):
    _pickle(root, TRUTH | {"imlist": [f"{name}.jpg" for name in TRUTH["imlist"]], "qimlist": ["q_1.jpg"]})
    assert revisited.revisited(root).queries[0].name == "q_1"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_of_plain_data_is_read(root, protocol):
    _pickle(root, TRUTH, protocol)
    assert revisited.read_truth(root / "gnd_roxford5k.pkl")["gnd"] == [ENTRY]


class _Runs:
    """What an attacker's pickle holds: loaded by the ordinary unpickler, it runs a command."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch '{self.mark}'",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_would_run_a_command_is_refused_by_name_and_runs_nothing(root, tmp_path, protocol):
    mark = tmp_path / "it ran"
    _pickle(root, TRUTH | {"gnd": [ENTRY | {"bbx": _Runs(mark)}]}, protocol)
    with pytest.raises(UserError, match=r"gnd_roxford5k\.pkl: refused, it would call (posix|nt)\.system"):
        revisited.revisited(root)
    assert not mark.exists()
    pickle.loads((root / "gnd_roxford5k.pkl").read_bytes())  # the attack is a real one
    assert mark.exists()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"cbuiltins\neval\n(S'1'\ntR.", "builtins.eval"),
        (b"(S'1'\nibuiltins\nexec\n.", "builtins.exec"),
        (b"Pfile\n.", "persistent object 'file'"),
    ],
    ids=["global", "inst", "persistent"],
)
def test_every_opcode_that_reaches_outside_is_refused(root, content, named):
    pickletools.dis(content, out=open(os.devnull, "w"))  # noqa: SIM115  (a well-formed pickle)
    (root / "gnd_roxford5k.pkl").write_bytes(content)
    with pytest.raises(UserError, match=f"refused, it would call {named}"):
        revisited.read_truth(root / "gnd_roxford5k.pkl")


def test_an_array_is_refused_too(root):
    _pickle(root, TRUTH | {"gnd": [ENTRY | {"easy": np.array([0])}]})
    with pytest.raises(UserError, match=r"refused, it would call numpy.*_reconstruct"):
        revisited.revisited(root)


def test_a_pickle_cut_anywhere_is_damaged(root):
    data = pickle.dumps(TRUTH)
    for end in range(len(data)):
        (root / "gnd_roxford5k.pkl").write_bytes(data[:end])
        with pytest.raises(UserError, match="is not a pickle, or a damaged one"):
            revisited.read_truth(root / "gnd_roxford5k.pkl")


@pytest.mark.parametrize(
    ("truth", "says"),
    [
        ([1, 2], "expected a dict with the lists imlist, qimlist, gnd"),
        ({"imlist": [], "gnd": []}, "expected a dict with the lists"),
        (TRUTH | {"imlist": ["a", 1]}, "something else than names"),
        (TRUTH | {"imlist": ["a", "a"]}, "a name twice"),
        (TRUTH | {"gnd": []}, "1 queries and 0 entries in gnd"),
        (TRUTH | {"gnd": [7]}, "expected a dict each"),
        (TRUTH | {"gnd": [{**ENTRY, "bbx": None}]}, r"query 0 \(q_1\): bbx is None; expected the four numbers"),
        (TRUTH | {"gnd": [{**ENTRY, "bbx": [1, 2, 3]}]}, "bbx is .1, 2, 3.; expected the four"),
        (TRUTH | {"gnd": [{**ENTRY, "bbx": [0, 0, 10**400, 9]}]}, "bbx is .0, 0, 10000"),
        (TRUTH | {"gnd": [{**ENTRY, "easy": [4]}]}, r"easy is \[4\]; expected a list of positions in imlist, 0 to 3"),
        (TRUTH | {"gnd": [{**ENTRY, "hard": [-1]}]}, "hard is"),
        (TRUTH | {"gnd": [{**ENTRY, "junk": [1.0]}]}, "junk is"),
        (TRUTH | {"gnd": [{"bbx": ENTRY["bbx"], "easy": [1], "junk": []}]}, "hard is None"),
        (TRUTH | {"gnd": [{**ENTRY, "bbx": [0, 0, 99, 9]}]}, r"query 0 \(q_1\): q_1\.jpg: box 0 0 99 9 is not inside"),
        (TRUTH | {"imlist": ["b", "../a", "c", "d"]}, r"names 1 image that .*jpg does not hold: \.\./a"),
        (TRUTH | {"qimlist": ["nobody"]}, "names 1 image that .* does not hold: nobody"),
    ],
)
def test_another_shape_is_an_error_that_says_where(root, truth, says):
    _pickle(root, truth)
    with pytest.raises(UserError, match=says):
        revisited.revisited(root)


@pytest.mark.parametrize("wrong", ["..", "jpg"])
def test_a_folder_too_high_or_too_low_is_told_the_right_one(root, wrong):
    with pytest.raises(UserError, match=rf"expected one gnd_\*\.pkl.*; {root} seems to be the right folder"):
        revisited.revisited(os.path.normpath(root / wrong))


def test_of_two_pickles_none_is_guessed(root):
    (root / "gnd_other.pkl").write_bytes(b"")
    with pytest.raises(UserError, match=r"expected one gnd_\*\.pkl"):
        revisited.revisited(root)
