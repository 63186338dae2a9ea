"""Ways from alerts to panels, lines and traces."""
