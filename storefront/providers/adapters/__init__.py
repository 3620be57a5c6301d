"""One supplier per file; settings dataclass first, then the class."""
