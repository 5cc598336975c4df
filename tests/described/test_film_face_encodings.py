"""Fisher vectors and bags of words of face films, in blocks."""

import numpy as np

from tests.described.film_points import searched
from vretlib.described import film_face_encodings
from vretlib.described.film_face_encodings import EncodingSizes
from vretlib.features import region_streams
from vretlib.features.region_streams import FrameWords
from vretlib.search.regions import Depths

SIZES, DEPTHS = EncodingSizes(4, 2, 6, 40), Depths(5, 2)


def test_every_stage_ranks_all_frames_and_memory_is_measured():
    search = searched()
    for encode in (film_face_encodings.fisher, film_face_encodings.bag_of_words):
        run = encode(search, "sum", SIZES, DEPTHS, 0)
        for ranking in run.rankings.values():
            assert np.sort(ranking, axis=1).tolist() == [list(range(12))] * 6
        assert run.peak > 0
        assert run.held == 12 * 5 * 8 * 4 / 2**20


def test_reranking_orders_the_first_frames_of_the_encodings_own_ranking():
    search = searched()
    run = film_face_encodings.fisher(search, "max", SIZES, DEPTHS, 0)
    again = search.reranked(run.rankings["Ranking"], "max", 5).ranking
    np.testing.assert_array_equal(run.rankings["Reranking"], again)


def test_bags_of_blocks_are_joined():
    found = film_face_encodings.joined(iter([FrameWords(np.array([1, 2, 3]), np.array([0, 1, 3])),
                                        FrameWords(np.array([4]), np.array([0, 0, 1]))]))  # fmt: skip
    assert found.words.tolist() == [1, 2, 3, 4]
    assert found.offsets.tolist() == [0, 1, 3, 3, 4]


def test_words_rank_like_the_cosine_of_weighted_counts():
    search = searched(people=4)
    run = film_face_encodings.bag_of_words(search, "sum", SIZES, DEPTHS, 0)
    sample = region_streams.draw(film_face_encodings.blocks(search.frames, "sum"), 40, np.random.default_rng(0))
    learned = film_face_encodings.vocabulary(sample, 6, 0)

    def counts(of):
        found = film_face_encodings.joined(region_streams.bags(learned, film_face_encodings.blocks(of, "sum")))
        return np.stack([np.bincount(bag, minlength=6) for bag in np.split(found.words, found.offsets[1:-1])])

    frames, stills = counts(search.frames), counts(search.stills)
    having = (frames > 0).sum(axis=0)
    idf = np.where(having > 0, np.log(len(frames) / np.maximum(having, 1)), 0)
    x, y = (of * idf / np.maximum(np.linalg.norm(of * idf, axis=1, keepdims=True), 1e-12) for of in (stills, frames))
    scores = x @ y.T
    for row, ranking in zip(scores, run.rankings["Ranking"], strict=True):
        assert (np.diff(row[ranking]) < 1e-6).all()
