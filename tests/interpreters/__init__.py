"""What queries mean, said a second time as programs over small series, and held against the real systems' words."""
