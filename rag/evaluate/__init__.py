"""Measuring it: questions with known answers → retrieval, citation and abstention figures."""
