"""Stand-ins for APIs that cannot run here. Each keeps to what its vendor documents, with the source at each rule."""
