"""What customers own."""
