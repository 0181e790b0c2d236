"""The bytes of a PDF → the draft of the article that its reader sees."""
