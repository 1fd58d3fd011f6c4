from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from fgclip.explore.media import THUMB, Media
from fgclip.inputs.images import open_picture
from fgclip.workspace.workspace import Workspace


@pytest.fixture
def client(mapped: Workspace) -> TestClient:
    return TestClient(Starlette(routes=Media(mapped).routes))


def picture_at(client: TestClient, path: str) -> Image.Image:
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "image/webp"
    return Image.open(io.BytesIO(reply.content))


def test_a_picture_comes_whole_and_small(client: TestClient) -> None:
    assert picture_at(client, "/media/picture/1").size == (80, 60)
    assert max(picture_at(client, "/media/thumb/image/1").size) <= THUMB


def test_the_thumbnail_of_a_region_is_its_crop(client: TestClient, mapped: Workspace) -> None:
    picture, *_ = mapped.pictures([1])
    expected = np.asarray(open_picture(picture.path).crop((8, 12, 40, 42)), float)

    small = picture_at(client, f"/media/thumb/region/{picture.region_ids[0]}")

    assert small.size == (32, 30)
    assert np.abs(np.asarray(small, float) - expected).mean() < 12  # WebP loses a little


def test_a_phrase_is_shown_by_the_first_region_it_is_said_of(
    client: TestClient, mapped: Workspace
) -> None:
    ((first,),) = mapped.database.rows(
        "SELECT min(regions.id) FROM regions JOIN texts ON phrase = text WHERE texts.id = 2"
    )
    text, region = (client.get(f"/media/thumb/{k}").content for k in ("text/2", f"region/{first}"))

    assert text == region


@pytest.mark.parametrize(
    "path",
    ["/media/picture/999", "/media/thumb/region/999", "/media/thumb/mood/1", "/media/picture/x",
     "/media/picture/..%2f..%2fetc%2fpasswd", "/media/picture/99999999999999999999999"],
)  # fmt: skip
def test_what_is_not_in_the_workspace_is_not_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_that_is_gone_is_not_found(client: TestClient, mapped: Workspace) -> None:
    picture, *_ = mapped.pictures([2])
    picture.path.unlink()

    reply = client.get("/media/picture/2")

    assert reply.status_code == 404
    assert "There is no file" in reply.text
