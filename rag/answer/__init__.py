"""Hits → enough evidence? → an answer whose every statement cites a sentence.

`chain` asks `conversation` for a question that stands alone, and retrieval for what is `found`; `abstention`
tells whether that is enough. Then `writer` shows a model in `llm` the numbered sentences of `evidence`,
`reply` makes a text of what it writes, and `checks` holds each statement against the sentences it cites by
the `facts` in both; without a model `extractive` quotes. `export`, `references` and `translation` take an
answer on from there.
"""
