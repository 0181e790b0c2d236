"""The bytes of a web page → the draft of the article that its reader sees."""
