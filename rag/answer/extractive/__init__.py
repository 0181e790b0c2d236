"""Scored sentences → an answer of quotations, without a language model."""
