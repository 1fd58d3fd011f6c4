"""Any picture a person may have becomes upright RGB, or an error that says what to do."""

from __future__ import annotations

import errno
import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.inputs.images import PictureError, fitted, open_picture, pixel_values, squashed

RED = (200, 10, 10)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def test_exif_orientation_is_applied() -> None:
    picture = Image.new("RGB", (20, 10), "white")
    picture.paste(RED, (0, 0, 5, 10))  # left edge red
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned a quarter clockwise
    upright = open_picture(encoded(picture, "PNG", exif=exif))
    assert upright.size == (10, 20)
    assert upright.getpixel((5, 0)) == RED


def test_transparency_lies_over_white() -> None:
    layer = Image.new("RGBA", (2, 1), (200, 10, 10, 255))
    layer.putpixel((1, 0), (0, 0, 0, 0))
    picture = open_picture(encoded(layer, "PNG"))
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [RED, (255, 255, 255)]


def test_palette_with_transparency_lies_over_white() -> None:
    picture = Image.new("P", (2, 1), 0)
    picture.putpalette([0, 0, 0, *RED])
    picture.putpixel((1, 0), 1)
    found = open_picture(encoded(picture, "PNG", transparency=0))
    assert [found.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), RED]


def test_sixteen_bit_grey_keeps_its_range() -> None:
    ramp = np.array([[0, 32768, 65535]], dtype=np.uint16)
    picture = open_picture(encoded(Image.fromarray(ramp), "PNG"))
    assert [picture.getpixel((x, 0))[0] for x in range(3)] == [0, 128, 255]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "HSV", "I", "F"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    picture = open_picture(Image.new("RGB", (3, 2), RED).convert("L").convert(mode))
    assert (picture.mode, picture.size) == ("RGB", (3, 2))


def test_cmyk_jpeg_keeps_its_colour() -> None:
    picture = open_picture(encoded(Image.new("RGB", (16, 16), RED).convert("CMYK"), "JPEG"))
    np.testing.assert_allclose(picture.getpixel((8, 8)), RED, atol=12)


def test_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in (RED, (0, 0, 255))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    np.testing.assert_allclose(open_picture(data).getpixel((1, 1)), RED, atol=4)


def test_arrays_of_bytes_and_fractions_are_the_same_picture() -> None:
    array = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    np.testing.assert_array_equal(open_picture(array), open_picture(array / 255))
    assert open_picture(array[:, :, 0]).size == (7, 5)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"not a picture at all", "not a picture that can be read"),
        (b"", "not a picture that can be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture that can be read"),
        ("no/such/file.jpg", "There is no file 'no/such/file.jpg'"),
        (Path("tests"), "not a picture that can be read"),
        (np.zeros((4, 4, 7), np.uint8), r"shape \(4, 4, 7\) is not a picture"),
        (np.zeros((0, 4, 3), np.uint8), "no pixels"),
        (np.full((4, 4, 3), 200.0), "must lie in 0…1"),
        (np.full((4, 4, 3), np.nan), "must lie in 0…1"),
        (np.zeros((4, 4, 3), np.int64), "int64 is not a picture"),
    ],
)
def test_what_is_no_picture_is_named(source: object, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        open_picture(source)  # type: ignore[arg-type]


def test_truncated_file_is_named() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), "JPEG")
    with pytest.raises(PictureError, match="damaged or incomplete"):
        open_picture(data[: len(data) // 2])


def test_damage_that_only_the_decoder_finds_is_named() -> None:
    data = encoded(Image.new("RGB", (16, 16), RED), "AVIF")
    with pytest.raises(PictureError, match="damaged or incomplete"):
        open_picture(data.replace(b"iloc", b"xloc"))


@pytest.mark.parametrize("side", [9_500, 20_000])
def test_huge_picture_is_refused_from_its_header(side: int, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (side, side)).save(path)
    with (
        warnings.catch_warnings(action="error"),  # one message is enough
        pytest.raises(PictureError, match="huge.png has .* limit of 89 million"),
    ):
        open_picture(path)


def test_a_file_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(PictureError, match="locked.png may not be read by you"):
        open_picture(tmp_path / "locked.png")


def test_smallest_picture_is_a_picture() -> None:
    values = pixel_values([open_picture(Image.new("RGB", (1, 1), "white"))], 32)
    assert values.shape == (1, 3, 32, 32)
    np.testing.assert_allclose(values[0, 0], (1 - 0.48145466) / 0.26862954, rtol=1e-5)


def test_pictures_are_squashed_not_cropped() -> None:
    picture = Image.new("RGB", (400, 100), "black")
    picture.paste((255, 255, 255), (0, 0, 100, 100))
    values = pixel_values([picture], 32, mean=(0, 0, 0), std=(1, 1, 1))
    assert values[0, 0, 16, :6].min() > 0.95
    assert values[0, 0, 16, 10:].max() < 0.05


@pytest.mark.parametrize("size", [(640, 480), (375, 500), (100, 60), (224, 224)])
def test_pictures_are_reduced_as_pillow_reduces_them(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize(size, Image.Resampling.BILINEAR)

    square = squashed(picture, 224)

    pillow = np.asarray(picture.resize((224, 224), Image.Resampling.BICUBIC)).transpose(2, 0, 1)
    apart = np.abs(square.astype(int) - pillow)
    assert apart.max() <= 2
    assert (apart > 0).mean() < 0.01


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((640, 480), (48, 64)),
        ((480, 640), (64, 48)),
        ((64, 64), (64, 64)),
        ((640, 180), (16, 64)),  # 18 rows, to the nearest step
        ((640, 210), (24, 64)),
        ((640, 10), (8, 64)),  # a step at least
    ],
)
def test_a_fitted_picture_keeps_its_shape_to_half_a_step(
    size: tuple[int, int], shape: tuple[int, int]
) -> None:
    assert fitted(Image.new("RGB", size), 64, step=8).shape == (3, *shape)
