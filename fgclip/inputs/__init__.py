"""Picture and text → what a tower reads."""
