"""The outside world: one port per kind of supplier, one module per supplier."""
