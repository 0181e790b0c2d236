"""Articles in: file, page or dump → Article → Passages."""
