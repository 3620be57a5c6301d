"""The questions we ask suppliers, as small Protocols and frozen dataclasses."""
