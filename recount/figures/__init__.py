"""Printed figures: what one says and what it may mean; the figures that a text holds."""
