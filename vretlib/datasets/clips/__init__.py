"""Clip collections: the shape of Stanford I2V, Video Bookmarking and folders of videos (thesis section 6.3)."""

from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery, ClipStudy, Moment

__all__ = ["Clip", "ClipCollection", "ClipQuery", "ClipStudy", "Moment"]
