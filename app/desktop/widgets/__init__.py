"""The parts that every place is made of."""
