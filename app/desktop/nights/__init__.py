"""The nights: asleep, and the morning after."""
