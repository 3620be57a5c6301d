"""Stands before the package of that name, which a shop's machine lacks: logging would load it into every worker."""

sentence = "only developers have this package"
raise ImportError(sentence)
