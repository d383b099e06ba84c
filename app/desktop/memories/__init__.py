"""The memories: what is known, and everything that can be done with it."""
