"""Everything that speaks SQL. Above it there are paths, arrays and plain values."""
