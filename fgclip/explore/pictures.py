"""Open pictures: each behind a name that cannot be guessed, as many as memory allows."""

from __future__ import annotations

import base64
import io
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
from PIL import Image

from fgclip.boxes import Boxes
from fgclip.explore.gallery import Sample
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.prompts import DenseField, PictureEncoder
from fgclip.probe.regions import crop_embeddings
from fgclip.types import Embeddings

CAPACITY = 512_000_000  # bytes of pixels and patches kept open, all users together
SHOWN_SIDE = 2048  # pixels of the copy made for browsers that cannot show the file
CROPS = 256  # vectors kept a picture


class UnknownPictureError(LookupError):
    """The picture was closed to make room, or the app was started anew."""


@dataclass
class OpenPicture:
    """One picture, encoded once.

    Attributes:
        token: its name for the page that opened it.
        path: where its file lies.
        image: upright RGB.
        patches: what the model made of it.
    """

    token: str
    path: Path
    image: Image.Image
    patches: DenseField
    _crops: OrderedDict[bytes, Embeddings] = field(default_factory=OrderedDict)

    @property
    def bytes(self) -> int:
        """Memory it holds."""
        return 3 * self.image.width * self.image.height + self.patches.features.nbytes

    def crops(self, encoder: PictureEncoder, boxes: Boxes) -> Embeddings:
        """Unit vectors of boxes cut out, each encoded once: (N, 4) → (N, D)."""
        if len(boxes) == 0:
            return np.zeros((0, len(self.patches.image_embedding)), np.float32)
        keys = [box.tobytes() for box in boxes]
        known = dict(self._crops)
        new = [row for row, key in enumerate(keys) if key not in known]
        if new:
            vectors = crop_embeddings(encoder, self.image, boxes[new])
            known |= {keys[row]: vector for row, vector in zip(new, vectors, strict=True)}
        self._crops = OrderedDict(list(known.items())[-CROPS:])
        return np.stack([known[key] for key in keys])


class Pictures:
    """Opens pictures of the gallery and uploaded ones. Threads may share it."""

    def __init__(
        self,
        encoder: PictureEncoder,
        gallery: Mapping[str, Sample],
        uploads: Path,
        *,
        stored: Callable[[int], Path | None] = lambda _: None,
        capacity: int = CAPACITY,
    ) -> None:
        """Read uploads from inside `uploads` only; keep at most `capacity` bytes open.

        `stored` says where a picture of the workspace lies.
        """
        self._stored = stored
        self._encoder = encoder
        self._gallery = gallery
        self._uploads = uploads.resolve()
        self._capacity = capacity
        self._open: OrderedDict[str, OpenPicture] = OrderedDict()
        self._lock = Lock()

    def __getitem__(self, token: str) -> OpenPicture:
        """The open picture of that name.

        Raises:
            UnknownPictureError: It is not open (any more).
        """
        with self._lock:
            if token not in self._open:
                raise UnknownPictureError("This picture is no longer open; open it again.")
            self._open.move_to_end(token)
            return self._open[token]

    def open_sample(self, sample_id: str) -> OpenPicture:
        """Open a picture of the gallery; everybody shares it."""
        if sample_id not in self._gallery:
            raise PictureError(f"There is no sample {sample_id!r} in the gallery.")
        token = f"sample-{sample_id}"
        with self._lock:
            if token in self._open:
                self._open.move_to_end(token)
                return self._open[token]
        return self._keep(token, self._gallery[sample_id].path)

    def open_stored(self, image_id: int) -> OpenPicture:
        """Open a picture of the workspace; everybody shares it."""
        path = self._stored(image_id)
        if path is None:
            raise PictureError(f"There is no picture {image_id} in the workspace (any more).")
        token = f"stored-{image_id}"
        with self._lock:
            if token in self._open:
                self._open.move_to_end(token)
                return self._open[token]
        return self._keep(token, path)

    def open_upload(self, path: Path) -> OpenPicture:
        """Open an uploaded picture; only the one who opened it has its token.

        The file lies under a digest of its content, so that whoever names it already knows it. It
        stays until the app clears its uploads: another page may have sent the same picture.

        Raises:
            PictureError: The path leads elsewhere, or the file is no sound picture.
        """
        try:
            path = path.resolve()
            sent = path.is_relative_to(self._uploads) and path.is_file()
        except (OSError, ValueError):  # a name too long, or with a null byte
            sent = False
        if not sent:
            raise PictureError("Only a picture that this page sent can be opened; send it again.")
        return self._keep(secrets.token_urlsafe(24), path)

    def _keep(self, token: str, path: Path) -> OpenPicture:
        image = open_picture(path)
        picture = OpenPicture(token, path.absolute(), image, self._encoder.encode_dense(image))
        with self._lock:
            self._open[token] = picture
            total = sum(each.bytes for each in self._open.values())
            while total > self._capacity and len(self._open) > 1:
                _, oldest = self._open.popitem(last=False)
                total -= oldest.bytes
        return picture


def as_jpeg_url(image: Image.Image) -> str:
    """The picture as a data URL that every browser shows, at most `SHOWN_SIDE` a side."""
    small = image.copy()
    small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=90)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
