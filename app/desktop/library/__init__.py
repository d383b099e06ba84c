"""The parts of the Models place: what is here, what can be had, what was measured."""
