"""The Gradio page: chat on the left, sources on the right."""
