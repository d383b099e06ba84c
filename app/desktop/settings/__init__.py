"""The settings: few, each with one sentence, each in force at once."""
