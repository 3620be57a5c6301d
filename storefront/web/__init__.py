"""The Flask kit: the only place that knows how a request works."""
