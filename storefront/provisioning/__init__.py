"""Making it happen at the supplier."""
