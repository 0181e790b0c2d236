"""The bytes of a file of a known format → drafts: the text of each article, and what its file says of it."""
