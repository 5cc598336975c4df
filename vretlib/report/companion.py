"""Which notebook reproduces which part of which paper, with the tables and claims of that part."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vretlib import paths
from vretlib.report import published


@dataclass(frozen=True)
class Part:
    """The part of a paper that one notebook reproduces: a chapter of the thesis, or all (``chapter`` is empty)."""

    notebook: str
    paper: str
    chapter: str
    subject: str

    @property
    def source(self) -> str:
        """``"thesis, ch. 5"``, or the paper's short name."""
        return f"{self.paper}, ch. {self.chapter}" if self.chapter else self.paper

    def has_table(self, paper: str, number: str) -> bool:
        """Whether a published table belongs to this part."""
        return paper == self.paper and (not self.chapter or number.startswith(f"{self.chapter}."))

    def has_claim(self, paper: str, evidence: str) -> bool:
        """Whether a claim belongs to this part, by the first table, figure or section of its evidence."""
        place = re.search(r"(\d+)\.\d", evidence)
        return paper == self.paper and (not self.chapter or (place is not None and place[1] == self.chapter))

    def tables(self) -> dict[str, int]:
        """The number of printed cells of each published table of this part, by the table's number."""
        every = published.tables()
        cells = zip(every["paper"], every["number"], every["values"], strict=True)
        return {number: int(count) for paper, number, count in cells if self.has_table(paper, number)}

    def claims(self) -> list[str]:
        """The ids of this part's claims."""
        every = published.claims()
        evidence = zip(every.index, every["paper"], every["evidence_table"], strict=True)
        return [str(claim_id) for claim_id, paper, text in evidence if self.has_claim(paper, text)]


PARTS = (
    Part("02_background", "thesis", "2", "what retrieval is and how it is measured"),
    Part("03_similarity_networks", "thesis", "3", "learning when two images are alike"),
    Part("04_image_to_video", "thesis", "4", "finding a film by a photograph: data and protocol"),
    Part("05_binary_features", "thesis", "5", "finding a film by binary local features"),
    Part("06_spatio_temporal_encoder", "thesis", "6", "a shot as one vector"),
    Part("07_semantic_art", "thesis", "7", "paintings and the texts about them"),
    Part("08_key_frames", "key_frames", "", "key frames and coarse-to-fine search"),
    Part("09_face_retrieval", "face_retrieval", "", "faces in videos, found by an object detector"),
    Part("10_hybrid_hashing", "hybrid_hashing", "", "faces in videos, as short binary codes"),
    Part("11_instance_search", "instance_search", "", "objects in images, found by an object detector"),
)


def chapters(folder: Path = paths.NOTEBOOKS) -> pd.DataFrame:
    """One row per notebook that reproduces something, by its name.

    The columns are source, subject, tables (numbers of the tables), cells (count of printed cells), claims (count) and
    state (``here`` if the notebook is in ``folder``, else ``later``).
    """
    rows = {}
    for part in PARTS:
        tables = part.tables()
        rows[part.notebook] = {
            "source": part.source,
            "subject": part.subject,
            "tables": ", ".join(tables),
            "cells": sum(tables.values()),
            "claims": len(part.claims()),
            "state": "here" if (folder / f"{part.notebook}.ipynb").exists() else "later",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("notebook")
