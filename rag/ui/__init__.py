"""The Gradio page: chat on the left, sources on the right.

`app` serves the `page` behind its `door`, with what a `server` has beside it. The page is laid out of the
masthead, the drawers, the `conversation` and the `collection`; its scripts ask for more by `calls`. An
`article` is shown the same way everywhere. Every word stands in `texts`, hostile text goes through `markup`.
"""
