"""Questions in: question → hits, dense and lexical, fused.

`retriever` makes a query of a question: the days it names are told by `times`, its terms by `lexical`, its
vector by `embedding`. Passages of the `vectors` and of the `lexical` index are scored on both sides, fused,
and the best compared token by token (`interaction`). `sentences` tells which of their sentences answer.
"""
