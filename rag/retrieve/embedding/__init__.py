"""Text → unit vectors: the bundled model, one of sentence-transformers, or one behind a server."""
