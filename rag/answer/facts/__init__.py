"""Text, German or English → the figures, dates and names in it, and which of them are the same."""
