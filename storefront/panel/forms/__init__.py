"""Forms of /panel."""
