"""The memory skill: the built-in model is taught the app's own tasks in the app's own prompts."""
