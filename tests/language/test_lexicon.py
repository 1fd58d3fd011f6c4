from __future__ import annotations

from fgclip.language.lexicon import ATTRIBUTE_KINDS, lexicon
from fgclip.language.words import article, plural, singulars


def test_every_kind_has_names_and_every_name_something_else() -> None:
    known = lexicon()
    meanings = [each for several in known.meanings.values() for each in several]

    assert {each.kind for each in meanings} | {"shade"} == set(ATTRIBUTE_KINDS)
    assert all(each.others for each in meanings)
    for name, several in known.meanings.items():
        assert all(" ".join(name) not in each.others for each in several)
    assert not any(len(set(each.others)) < len(each.others) for each in meanings)


def test_what_else_it_might_be_is_known_itself() -> None:
    known = lexicon()

    for several in known.meanings.values():
        for other in (other for each in several for other in each.others):
            words = tuple(other.replace("-", " ").split())
            shaded = words[1:] if words[0] in known.shades else words
            assert words in known.meanings or shaded in known.meanings, other


def test_plurals_singulars_and_articles() -> None:
    nouns = ("knife", "bus", "child", "sheep", "teddy bear", "box")
    plurals = ["knives", "buses", "children", "sheep", "teddy bears", "boxes"]
    assert [plural(noun) for noun in nouns] == plurals
    assert singulars("wolves") == ("wolf",)
    assert singulars("zzz") == ("zzz",)
    words = ("hour", "unicorn", "umbrella", "red car", "orange")
    assert [article(word) for word in words] == ["an", "a", "an", "a", "an"]
