"""The command line: thin commands over `Library`; errors are one clear line with a hint."""

from rag.cli.app import main

__all__ = ["main"]
