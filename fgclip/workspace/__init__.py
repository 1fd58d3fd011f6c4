"""Many pictures in one DuckDB file: imported, indexed, searched and mapped."""
