"""SQL over Parquet shards: their pictures become rows, their vectors are read through a view."""

from __future__ import annotations

from fgclip.workspace.store.captions import add_texts
from fgclip.workspace.store.database import Cursor, Database, quoted
from fgclip.workspace.store.vectors import IndexedModel, all_vectors


def attach(
    database: Database, model: IndexedModel, folder: str, source: str
) -> tuple[int, int, int, int]:
    """List what is new in a folder of shards: images, regions, vectors, faults of it."""
    with database.write() as cursor:
        # Not registered from outside: a view may be read by any cursor, later on, too.
        cursor.execute(f"CREATE OR REPLACE TEMP VIEW incoming AS {_rows(folder)}")
        images = _add_images(cursor, source)
        regions = _add_regions(cursor)
        add_texts(cursor, "incoming WHERE place >= 0")
        faults = _add_faults(cursor, source)
        ((count,),) = cursor.execute(
            "SELECT count(*) FROM incoming WHERE embedding IS NOT NULL"
        ).fetchall()
        cursor.execute("DROP VIEW incoming")
        cursor.execute("DELETE FROM shards WHERE model_id = ? AND path = ?", [model.id, folder])
        cursor.execute("INSERT INTO shards VALUES (?, ?, ?)", [model.id, folder, count])
        _renew_view(cursor, model)
    database.changed("records")
    database.changed("vectors")
    return images, regions, count, faults


def _rows(folder: str) -> str:
    return f"SELECT * FROM read_parquet({quoted(folder + '/*.parquet')})"


def _add_images(cursor: Cursor, source: str) -> int:
    """Pictures that are not known yet; their ids follow those that are there, in order of path."""
    found = cursor.execute(
        """
        INSERT INTO images SELECT
            (SELECT coalesce(max(id), 0) FROM images) + row_number() OVER (ORDER BY path),
            path, any_value(sha256), any_value(bytes), any_value(width), any_value(height),
            '', $source, '', '', '{}'
        FROM incoming
        WHERE place = -1 AND embedding IS NOT NULL AND path NOT IN (SELECT path FROM images)
        GROUP BY path
        """,
        {"source": source},
    ).fetchall()
    return int(found[0][0])


def _add_regions(cursor: Cursor) -> int:
    """Regions of pictures that have none yet: those of a known picture are its own."""
    found = cursor.execute(
        """
        INSERT INTO regions SELECT
            (SELECT coalesce(max(id), 0) FROM regions)
                + row_number() OVER (ORDER BY images.id, place),
            images.id, place, x0, y0, x1, y1, phrase, '', category, 'import', NULL, '', '{}'
        FROM (SELECT DISTINCT ON (path, place) * FROM incoming WHERE place >= 0) AS incoming
        JOIN images USING (path)
        WHERE images.id NOT IN (SELECT image_id FROM regions)
        """
    ).fetchall()
    return int(found[0][0])


def _add_faults(cursor: Cursor, source: str) -> int:
    cursor.execute("DELETE FROM faults WHERE source = ?", [source])
    found = cursor.execute(
        """
        INSERT INTO faults SELECT current_localtimestamp(), $source, path, any_value(fault)
        FROM incoming WHERE fault <> '' GROUP BY path
        """,
        {"source": source},
    ).fetchall()
    return int(found[0][0])


def _renew_view(cursor: Cursor, model: IndexedModel) -> None:
    """All vectors of the model: of the file, and of every folder of shards.

    A shard's vector counts while the picture is the one that it was made of.
    """
    folders = cursor.execute(
        "SELECT path FROM shards WHERE model_id = ? ORDER BY path", [model.id]
    ).fetchall()
    parts = [f"SELECT kind, owner, embedding FROM vectors_{model.id}"]
    for (folder,) in folders:
        rows = f"({_rows(folder)}) AS shard JOIN images USING (path, sha256)"
        vector = f"shard.embedding::FLOAT[{model.dimensions}]"
        parts.append(
            f"SELECT DISTINCT ON (images.id) 'image', images.id, {vector} FROM {rows} "
            "WHERE shard.place = -1 AND shard.embedding IS NOT NULL"
        )
        parts.append(
            f"SELECT DISTINCT ON (regions.id) 'region', regions.id, {vector} FROM {rows} "
            "JOIN regions ON regions.image_id = images.id AND regions.place = shard.place "
            "AND regions.x0 = shard.x0 AND regions.y0 = shard.y0 "
            "AND regions.x1 = shard.x1 AND regions.y1 = shard.y1"
        )
    cursor.execute(f"CREATE OR REPLACE VIEW {all_vectors(model)} AS {' UNION ALL '.join(parts)}")
