"""docker compose."""
