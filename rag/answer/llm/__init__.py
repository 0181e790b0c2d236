"""The settings → the language model that writes answers, what it reads, and what it means when it fails."""
