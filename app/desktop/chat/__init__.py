"""The chat: what is said, and what was in mind."""
