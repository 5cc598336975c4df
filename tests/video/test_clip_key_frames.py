"""Key frames of several clips."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.video.clip_key_frames import every_frame, n_key_frames, select
from vretlib.video.cluster_key_frames import KeyFrameOptions


def test_a_clip_never_ends_without_a_key_frame_and_cuts_are_peaks(described_short_clips):
    chosen = select(described_short_clips, range(4))
    assert chosen.per_clip.tolist() == [1, 2, 1, 1]
    assert chosen.stretches.tolist() == [[0, 6], [6, 12], [12, 17], [17, 21], [21, 25], [25, 33], [33, 41]]
    assert chosen.stretch_clips.tolist() == [0, 0, 1, 1, 1, 2, 3]
    assert chosen.compression_ratio == 1 - 5 / 41
    one_more = select(described_short_clips, range(4), KeyFrameOptions(clusters="one_more", seeding="k_means++"))
    assert one_more.per_clip.tolist() == [2, 3, 1, 1]


def test_key_frames_of_some_clips_are_those_of_all(described_short_clips):
    every, some = select(described_short_clips, range(4)), select(described_short_clips, [1, 3])
    assert some.rows.tolist() == every.rows[np.isin(every.clips, [1, 3])].tolist()
    assert some.n_frames == 13 + 8


def test_clusters_of_maps_and_of_descriptors_have_as_many_key_frames(described_short_clips):
    assert select(described_short_clips, range(4), cluster_on="maps").per_clip.tolist() == [1, 2, 1, 1]
    with pytest.raises(UserError, match="cluster_on"):
        select(described_short_clips, [0], cluster_on="fc6")


def test_no_clips_are_refused(described_short_clips):
    with pytest.raises(UserError, match="no clips to take key frames of"):
        select(described_short_clips, [])


def test_colour_alone_gives_the_number_of_key_frames(described_short_clips):
    counted = n_key_frames(described_short_clips.changes, 1.4)
    assert counted.tolist() == select(described_short_clips, range(4)).per_clip.tolist()


def test_every_frame_leaves_out_none(described_short_clips):
    chosen = every_frame(described_short_clips, [2, 0])
    assert chosen.rows.tolist() == [*range(12), *range(25, 33)]
    assert chosen.per_clip.tolist() == [12, 8]
    assert chosen.compression_ratio == 0
