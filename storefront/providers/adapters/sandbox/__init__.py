"""Suppliers of our own for development, demo and tests: deterministic, scripted by name, surviving kills."""
