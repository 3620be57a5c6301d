"""The house keeper behind ./run: libraries, servers, processes and backups, with the standard library only."""
