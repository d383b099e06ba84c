"""The commands, a module per subject. Heavy imports stay inside them."""
