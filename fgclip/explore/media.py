"""Pictures of the workspace over HTTP, by their ids: whole, and small for grids."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from fgclip.explore.api.schemas.fields import INT64
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.regions import crops
from fgclip.types import ITEM_KINDS, ItemKind
from fgclip.workspace import Workspace

THUMB = 160  # pixels of the longer side
WHOLE = 1280
KEPT = 2000  # thumbnails in memory; about 10 MB
QUALITY = 80
HEADERS = {"Cache-Control": "private, max-age=3600"}


class Media:
    """Answers requests for pictures. Only what is in the workspace is ever read."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._thumb = lru_cache(KEPT)(self._make_thumb)

    @property
    def routes(self) -> list[Route]:
        """`/media/picture/ID` and `/media/thumb/KIND/ID`."""
        return [
            Route("/media/picture/{owner:int}", self._picture),
            Route("/media/thumb/{kind}/{owner:int}", self._small),
        ]

    async def _picture(self, request: Request) -> Response:
        owner = request.path_params["owner"]
        return await run_in_threadpool(self._answer, "image", owner, WHOLE)

    async def _small(self, request: Request) -> Response:
        kind, owner = request.path_params["kind"], request.path_params["owner"]
        if kind not in ITEM_KINDS:
            return PlainTextResponse("There are no such thumbnails.", 404)
        return await run_in_threadpool(self._answer, kind, owner, THUMB)

    def _answer(self, kind: ItemKind, owner: int, side: int) -> Response:
        try:
            shown = self._workspace.shown(kind, owner) if owner < INT64 else None
            if shown is None:
                return PlainTextResponse(f"There is no {kind} {owner}.", 404)
            path, box = shown
            make = self._thumb if side == THUMB else self._make_thumb
            return Response(make(path, box, side), media_type="image/webp", headers=HEADERS)
        except PictureError as error:
            return PlainTextResponse(str(error), 404)

    @staticmethod
    def _make_thumb(path: Path, box: tuple[float, ...] | None, side: int) -> bytes:
        picture = open_picture(path)
        if box is not None:
            (picture,) = crops(picture, np.array([box], np.float32))
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=QUALITY)
        return buffer.getvalue()
