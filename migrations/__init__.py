"""How the database came to be: numbered steps, newest number in head.txt."""
