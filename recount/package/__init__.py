"""Data packages: load one and check it, draft one from a text, make a small one in code."""
