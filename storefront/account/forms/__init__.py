"""Forms of /account."""
