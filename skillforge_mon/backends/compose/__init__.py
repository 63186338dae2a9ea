"""docker compose: ``compose/compose.yaml`` runs everything that the spec is compiled for on one machine."""
