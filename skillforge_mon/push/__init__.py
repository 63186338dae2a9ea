"""What a build says and what lives on the servers: planned, shown, and made the same. No backend is known by name."""
