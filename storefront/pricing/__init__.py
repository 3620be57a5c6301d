"""What it costs, and why."""
