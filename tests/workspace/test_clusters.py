from __future__ import annotations

import numpy as np

from fgclip.workspace.clusters import dense_places, labels_of, middles

CENTRES = np.array([[0, 0], [10, 0], [0, 10]], np.float32)


def blobs(sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return (CENTRES[owner] + random.normal(size=(len(owner), 2)) * 0.5).astype(np.float32), owner


def test_dense_places_are_numbered_by_size() -> None:
    coordinates, owner = blobs((300, 900, 600))

    cluster = dense_places(coordinates)

    assert set(cluster.tolist()) <= {-1, 0, 1, 2}
    for blob, number in ((1, 0), (2, 1), (0, 2)):
        assert (cluster[owner == blob] == number).mean() > 0.8


def test_a_lonely_point_belongs_to_no_cluster() -> None:
    coordinates, _ = blobs((900, 900))

    cluster = dense_places(np.append(coordinates, [[5, 9]], axis=0).astype(np.float32))

    assert cluster[-1] == -1


def test_points_all_in_one_place_are_one_cluster() -> None:
    assert dense_places(np.zeros((50, 2), np.float32)).tolist() == [0] * 50


def test_the_middle_is_a_member() -> None:
    coordinates, _ = blobs((300, 900, 600))
    cluster = dense_places(coordinates)

    rows = middles(coordinates, cluster)

    assert cluster[rows].tolist() == [0, 1, 2]
    away = np.linalg.norm(coordinates[rows] - CENTRES[[1, 2, 0]], axis=1)
    assert (away < 0.3).all()


def test_labels_are_the_words_that_set_a_cluster_apart() -> None:
    labels = labels_of(
        [
            ["a red fox", "a sleeping red fox", "the red fox"],
            ["a sailing boat", "a white boat", "a boat"],
        ]
    )

    assert labels[0] in ("red fox", "fox, red", "red, fox")
    assert labels[1].split(", ")[0] == "boat"


def test_no_term_reaches_from_one_phrase_into_the_next() -> None:
    (label, _) = labels_of([["a bird"] * 9 + ["a fox"], ["a red boat"]])

    assert label == "bird, fox"


def test_clusters_without_words_have_no_label() -> None:
    assert labels_of([[], ["a the of"]]) == ["", ""]
