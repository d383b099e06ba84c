"""Conversations and documents from elsewhere: pure readers, and the one writer that takes them in."""
