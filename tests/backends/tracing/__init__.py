"""Where traces go: the collector, Jaeger, Tempo, and the services that send them."""
