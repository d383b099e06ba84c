"""The neocortex: the language model, what it wears, the embedder, and the processes they run in."""
