"""Questions in: question → hits, dense and lexical, fused."""
