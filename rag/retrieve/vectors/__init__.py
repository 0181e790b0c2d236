"""The passages' vectors in Chroma, in a folder or on a server: opened, searched, and once more in a file."""
