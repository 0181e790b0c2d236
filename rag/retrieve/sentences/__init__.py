"""Hits → their sentences, each with what speaks for it as the answer, best first."""
