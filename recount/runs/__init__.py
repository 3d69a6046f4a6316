"""Notebooks through papermill: parameters in, an executed notebook out, under a key."""


class InputError(Exception):
    """What was given cannot be used; the message says where, what was found and what to do."""
