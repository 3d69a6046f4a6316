"""Notebooks through papermill: parameters in, an executed notebook out, under a key."""
