"""決裁: what leaves an office is drafted, agreed on and decided before it does, where the office wants it."""
