"""From a wish to a paid thing."""
