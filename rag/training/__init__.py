"""Make the bilingual embedding model: parallel text and an English teacher in, a model folder out."""
