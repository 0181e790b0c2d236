"""An article → the lines that name it, and its view with the place to be shown."""
