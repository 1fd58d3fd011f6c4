"""Open pictures are confined, private, and as many as memory allows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.encoder import Encoder
from fgclip.explore.gallery import Sample
from fgclip.explore.pictures import Pictures, UnknownPictureError
from fgclip.inputs.images import PictureError
from fgclip.probe.regions import crop_embeddings


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


def sent(uploads: Path, name: str = "picture.png", colour: str = "red") -> Path:
    path = uploads / name
    Image.new("RGB", (64, 48), colour).save(path)
    return path


def test_an_upload_is_opened_under_a_secret_name_by_everyone_who_sent_it(
    encoder: Encoder, uploads: Path
) -> None:
    pictures = Pictures(encoder, {}, uploads)
    path = sent(uploads)
    first, second = pictures.open_upload(path), pictures.open_upload(path)
    assert first.token != second.token
    assert len(first.token) >= 32
    assert pictures[first.token] is first


@pytest.mark.parametrize(
    "target",
    ["../secret.png", "link.png", "/etc/hostname", ".", "gone.png", "a" * 5000, "null\0byte"],
    ids=["above", "link", "absolute", "folder", "missing", "endless", "null byte"],
)
def test_only_files_inside_the_uploads_are_opened(
    encoder: Encoder, uploads: Path, target: str
) -> None:
    secret = sent(uploads.parent, "secret.png")
    (uploads / "link.png").symlink_to(secret)
    with pytest.raises(PictureError, match="Only a picture that this page sent"):
        Pictures(encoder, {}, uploads).open_upload(uploads / target)


def test_a_broken_upload_is_refused_by_name(encoder: Encoder, uploads: Path) -> None:
    path = uploads / "notes.png"
    path.write_text("only words")
    with pytest.raises(PictureError, match=r"notes\.png is not a picture"):
        Pictures(encoder, {}, uploads).open_upload(path)


def test_the_least_used_picture_makes_room(encoder: Encoder, uploads: Path) -> None:
    one = 3 * 64 * 48 + 4 * 4 * 24 * 4  # pixels and patches
    pictures = Pictures(encoder, {}, uploads, capacity=2 * one)
    tokens = [pictures.open_upload(sent(uploads)).token for _ in range(2)]
    assert pictures[tokens[0]].bytes == one
    pictures.open_upload(sent(uploads))
    assert pictures[tokens[0]]
    with pytest.raises(UnknownPictureError):
        pictures[tokens[1]]


def test_a_sample_is_encoded_once_for_everybody(encoder: Encoder, uploads: Path) -> None:
    sample = Sample("owl", "an owl", sent(uploads.parent), boxes=(), prompts=())
    pictures = Pictures(encoder, {"owl": sample}, uploads)
    assert pictures.open_sample("owl") is pictures.open_sample("owl")
    with pytest.raises(PictureError, match="no sample 'cat'"):
        pictures.open_sample("cat")


def test_crops_are_encoded_once_and_keep_their_order(encoder: Encoder, uploads: Path) -> None:
    picture = Pictures(encoder, {}, uploads).open_upload(sent(uploads))
    boxes = np.array([[0, 0, 0.5, 0.5], [0.2, 0.2, 1, 1]], np.float32)
    first = picture.crops(encoder, boxes)
    again = picture.crops(encoder, boxes[::-1])
    np.testing.assert_array_equal(again, first[::-1])
    expected = crop_embeddings(encoder, picture.image, boxes)
    np.testing.assert_allclose(first, expected, atol=1e-6)
