"""Which reseller is this, and what may they do."""
