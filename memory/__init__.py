"""The hippocampus: what was said, what is known, how it is found and forgotten."""
