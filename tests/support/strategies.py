"""Any records that people may have."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from fgclip.data import Negative, Record, Region

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
metas = st.dictionaries(
    texts, texts | st.integers(-9, 9) | st.booleans() | st.lists(texts), max_size=2
)
edges = st.floats(0, 1)
names = st.text("abc é0", min_size=1, max_size=8).filter(lambda name: name.strip(" ") == name)
sizes = st.none() | st.tuples(st.integers(1, 9000), st.integers(1, 9000))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    x0, x1 = sorted((draw(edges), draw(edges)))
    y0, y1 = sorted((draw(edges), draw(edges)))
    negatives = draw(st.lists(st.builds(Negative, texts, texts), max_size=3))
    return Region(
        (x0, y0, x1, y1), draw(texts), draw(texts), tuple(negatives), draw(texts), draw(metas)
    )


def records(folder: Path) -> st.SearchStrategy[list[Record]]:
    """Records whose pictures lie below a folder, or would."""
    one = st.builds(
        Record,
        path=names.map(lambda name: folder / "pictures" / name),
        short_caption=texts,
        long_caption=texts,
        regions=st.lists(regions(), max_size=3).map(tuple),
        split=texts,
        size=sizes,
        meta=metas,
    )
    return st.lists(one, max_size=3)
