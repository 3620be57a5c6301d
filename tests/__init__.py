"""Tests, by the room they look into; count and tiers are printed at the end of a run."""
