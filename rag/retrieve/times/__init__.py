"""A question → the days and periods it names."""
