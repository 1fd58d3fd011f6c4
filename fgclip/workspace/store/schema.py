"""Tables of a workspace, and how an older file is brought to the present ones.

No table has a primary key: DuckDB keeps an index over every key in memory, which 40 M regions would
feel. One process owns the file and one transaction writes at a time, so ids are given by counting;
`check.py` proves that they are unique. Only maps can be removed: the last number that was given to
one is kept, so that a link never leads to another map.
"""

from __future__ import annotations

REGION_NAME = "coalesce(nullif(phrase, ''), category)"
"""What a region is called: its phrase, or else its category. `text_rows` has it, too: another name
needs a step of `MIGRATIONS` that makes the view anew."""

MIGRATIONS: tuple[str, ...] = (
    f"""
    CREATE TABLE images (
        id BIGINT NOT NULL,
        path VARCHAR NOT NULL,
        sha256 VARCHAR NOT NULL,  -- of the file's content
        bytes BIGINT NOT NULL,
        width INTEGER NOT NULL,  -- pixels, upright
        height INTEGER NOT NULL,
        split VARCHAR NOT NULL,
        source VARCHAR NOT NULL,  -- name of the import
        short_caption VARCHAR NOT NULL,
        long_caption VARCHAR NOT NULL,
        meta JSON NOT NULL
    );
    CREATE TABLE regions (
        id BIGINT NOT NULL,
        image_id BIGINT NOT NULL,
        place INTEGER NOT NULL,  -- among the picture's regions, from 0
        x0 DOUBLE NOT NULL,  -- corners as fractions of the picture
        y0 DOUBLE NOT NULL,
        x1 DOUBLE NOT NULL,
        y1 DOUBLE NOT NULL,
        phrase VARCHAR NOT NULL,
        long_phrase VARCHAR NOT NULL,
        category VARCHAR NOT NULL,
        origin VARCHAR NOT NULL,  -- import, user or proposal
        score FLOAT,  -- of the proposal
        verdict VARCHAR NOT NULL,  -- of a reviewer: '', approved, rejected or unsure
        meta JSON NOT NULL
    );
    CREATE TABLE negatives (
        region_id BIGINT NOT NULL,
        rank INTEGER NOT NULL,
        text VARCHAR NOT NULL,
        attribute VARCHAR NOT NULL,
        origin VARCHAR NOT NULL
    );
    CREATE TABLE texts (id BIGINT NOT NULL, text VARCHAR NOT NULL);
    -- every phrase, or category of a region without one, once
    CREATE TABLE faults (
        moment TIMESTAMP NOT NULL,
        source VARCHAR NOT NULL,
        place VARCHAR NOT NULL,
        reason VARCHAR NOT NULL
    );
    CREATE TABLE models (
        id INTEGER NOT NULL,
        name VARCHAR NOT NULL,
        sha256 VARCHAR NOT NULL,
        dimensions INTEGER NOT NULL,
        card JSON NOT NULL
    );  -- the vectors of model 1 lie in vectors_1, and so on
    CREATE TABLE maps (
        id INTEGER NOT NULL,
        name VARCHAR NOT NULL,
        model_id INTEGER NOT NULL,
        kind VARCHAR NOT NULL,  -- image, region or text
        method VARCHAR NOT NULL,
        parameters JSON NOT NULL,
        fitted BIGINT NOT NULL,  -- points that UMAP placed; the others lie among their neighbours
        points BIGINT NOT NULL,
        x0 FLOAT NOT NULL,  -- frame of the whole map
        y0 FLOAT NOT NULL,
        x1 FLOAT NOT NULL,
        y1 FLOAT NOT NULL,
        moment TIMESTAMP NOT NULL
    );  -- the points of map 1 lie in points_1, their density in cells_1
    CREATE TABLE clusters (
        map_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        label VARCHAR NOT NULL,
        x FLOAT NOT NULL,
        y FLOAT NOT NULL,
        size BIGINT NOT NULL,
        representative BIGINT NOT NULL  -- owner of the point in its midst
    );
    CREATE TABLE events (
        id BIGINT NOT NULL,
        moment TIMESTAMP NOT NULL,
        act VARCHAR NOT NULL,
        target BIGINT NOT NULL,
        before JSON NOT NULL,
        after JSON NOT NULL
    );
    CREATE TABLE results (
        run VARCHAR NOT NULL,
        model_id INTEGER NOT NULL,
        sample BIGINT,
        metric VARCHAR NOT NULL,
        value DOUBLE NOT NULL
    );
    CREATE TABLE shards (model_id INTEGER NOT NULL, path VARCHAR NOT NULL, rows BIGINT NOT NULL);

    CREATE VIEW image_rows AS
        SELECT images.*, coalesce(counted.regions, 0) AS regions
        FROM images
        LEFT JOIN (SELECT image_id, count(*) AS regions FROM regions GROUP BY image_id) AS counted
        ON counted.image_id = images.id;
    CREATE VIEW region_rows AS
        SELECT
            regions.*, path, split, source, short_caption, width, height,
            (x1 - x0) * (y1 - y0) AS area,  -- share of the picture
            (SELECT list(DISTINCT attribute) FROM negatives WHERE region_id = regions.id)
                AS attributes  -- that some negative changes
        FROM regions JOIN images ON images.id = regions.image_id;
    CREATE VIEW text_rows AS
        SELECT texts.id, text, text AS phrase, coalesce(counted.regions, 0) AS regions,
            counted.category
        FROM texts
        LEFT JOIN (
            SELECT {REGION_NAME} AS phrase, count(*) AS regions,
                mode(category) AS category
            FROM regions GROUP BY 1
        ) AS counted ON counted.phrase = texts.text;
    """,
    """
    CREATE TABLE map_numbers (latest INTEGER NOT NULL);  -- given to no map again, removed or not
    INSERT INTO map_numbers SELECT coalesce(max(id), 0) FROM maps;
    """,
)
"""Step i leads from version i to version i + 1."""

VERSION = len(MIGRATIONS)


def vectors_table(model_id: int, dimensions: int) -> str:
    """The statement that makes the table for the vectors of a model."""
    return f"""
        CREATE TABLE vectors_{model_id} (
            kind VARCHAR NOT NULL,  -- image, region or text
            owner BIGINT NOT NULL,
            embedding FLOAT[{dimensions}] NOT NULL
        )
    """


def points_tables(map_id: int) -> str:
    """The statements that make the tables for a map's points and their density.

    Points are kept in the order of their draws' magnitudes, and within it in that of a grid's
    cells: a share of all points, or all points of a place, is a few parts of the table.
    """
    return f"""
        CREATE TABLE points_{map_id} (
            owner BIGINT NOT NULL,
            x FLOAT NOT NULL,
            y FLOAT NOT NULL,
            cluster INTEGER NOT NULL,  -- -1 outside of all
            placed BOOLEAN NOT NULL,  -- among its neighbours, and not by UMAP itself
            draw USMALLINT NOT NULL  -- a number drawn once: who is below a bound is shown
        );
        CREATE TABLE cells_{map_id} (
            cell_column INTEGER NOT NULL, cell_row INTEGER NOT NULL, points BIGINT NOT NULL
        );
    """
