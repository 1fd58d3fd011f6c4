from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from training.scenes import sources as module
from training.scenes.concepts import Concept, normal_code
from training.scenes.icons import IconFinder, IconSet, slug
from training.scenes.rasterise import draw
from training.scenes.sources import check_integrity, read_json, sources, styles

SHARE_ALIKE = "CC-BY-SA-4.0"
RED_SQUARE = {"body": '<path fill="#f00" d="M10 20h30v10H10z"/>'}


def icon_set(**changes: object) -> IconSet:
    parts = {
        "style": "emojione",
        "icons": {"square": RED_SQUARE},
        "aliases": {},
        "characters": {},
        "width": 100,
        "height": 100,
    }
    return IconSet(**(parts | changes))


def test_every_package_is_pinned_by_version_and_digest() -> None:
    for source in sources():
        assert source.version[0].isdigit()
        assert len(base64.b64decode(source.integrity.removeprefix("sha512-"))) == 64


def test_no_share_alike_art_is_trained_on() -> None:
    licences = {source.name: source.licence for source in sources()}

    trained_on = (*styles("train"), *styles("outlined"))
    assert {licences[style] for style in trained_on} == {"Apache-2.0", "CC-BY-4.0", "MIT"}
    assert licences["openmoji"] == SHARE_ALIKE
    assert "openmoji" in styles("held out")


def test_a_tarball_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    tarball = tmp_path / "a.tgz"
    tarball.write_bytes(b"good")
    digest = base64.b64encode(hashlib.sha512(b"good").digest()).decode()
    source = replace(sources()[0], integrity=f"sha512-{digest}")
    check_integrity(tarball, source)

    tarball.write_bytes(b"evil")

    with pytest.raises(ValueError, match="Do not use it"):
        check_integrity(tarball, source)


def test_only_the_files_that_are_read_are_unpacked(tmp_path: Path) -> None:
    tarball = tmp_path / "a.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        for name in ("package/icons.json", "package/../../escape.json", "package/other.js"):
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"{}"))

    module._unpack(tarball, tmp_path / "out")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["icons.json"]
    assert not list(tmp_path.parent.glob("escape.json"))


def test_an_unfetched_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.scenes fetch"):
        read_json(sources()[0], tmp_path, "icons.json")


def test_codes_lose_their_variation_selectors() -> None:
    assert normal_code("1F441-FE0F-200D-1F5E8-FE0F") == "1f441-200d-1f5e8"


def test_labels_are_slugged_as_iconify_does() -> None:
    assert slug("person: blond hair") == "person-blond-hair"
    assert slug("woman’s hat") == "womans-hat"
    assert slug("piñata") == "pinata"


def test_a_drawing_is_trimmed_to_its_visible_part() -> None:
    picture = draw(icon_set().svg("square"), longest=60)

    assert picture is not None
    assert picture.size == (60, 20)
    assert picture.getpixel((30, 10)) == (255, 0, 0, 255)


def test_an_icon_without_visible_parts_has_no_drawing() -> None:
    icons = icon_set(icons={"nothing": {"body": ""}})

    assert draw(icons.svg("nothing"), longest=60) is None


def test_a_flipped_alias_is_drawn_mirrored() -> None:
    body = '<path fill="#f00" d="M0 0h10v40H0z"/><path fill="#00f" d="M10 0h10v40H10z"/>'
    icons = icon_set(
        icons={"left": {"body": body}}, aliases={"right": {"parent": "left", "hFlip": True}}
    )

    picture = draw(icons.svg("right"), longest=40)

    assert picture is not None
    assert picture.getpixel((2, 20))[:3] == (0, 0, 255)


def test_an_alias_with_an_unknown_transformation_is_refused() -> None:
    icons = icon_set(aliases={"turned": {"parent": "square", "rotate": 1}})

    with pytest.raises(ValueError, match="rotate"):
        icons.svg("turned")


def test_a_name_that_leads_to_another_character_is_not_that_concept() -> None:
    finder = IconFinder(
        {
            "noto": icon_set(
                style="noto",
                icons={"cricket": RED_SQUARE, "cricket-game": RED_SQUARE},
                characters={"1f997": "cricket", "1f3cf": "cricket-game"},
            ),
            "emojione": icon_set(
                icons={"cricket-game": RED_SQUARE}, aliases={"cricket": {"parent": "cricket-game"}}
            ),
        }
    )
    insect = Concept("cricket insect", "1f997", "cricket", "animals", "bug", (), {})
    game = Concept("cricket bat", "1f3cf", "cricket game", "activities", "sport", (), {})

    assert finder.find("noto", insect) == "cricket"
    assert finder.find("emojione", insect) is None
    assert finder.find("emojione", game) == "cricket-game"
