"""What a language model writes → the text of an answer: markers resolved, cut into statements, made safe."""
