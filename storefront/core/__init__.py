"""Ground floor: knows nothing of domains, invoices or Flask."""
