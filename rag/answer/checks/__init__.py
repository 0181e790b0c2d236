"""A statement and the sentences it cites → how well they carry it, and where articles differ."""
