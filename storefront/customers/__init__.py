"""Who buys, and whose name stands in the registry."""
