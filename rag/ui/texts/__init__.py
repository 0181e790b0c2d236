"""A browser's language → every word the page says in it, and the library's messages."""
