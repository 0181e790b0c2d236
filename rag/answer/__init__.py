"""Hits → enough evidence? → an answer whose every statement cites a sentence."""
