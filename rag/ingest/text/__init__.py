"""Bytes → canonical text, its lines and sentences, and the words by which a site's are told from news."""
