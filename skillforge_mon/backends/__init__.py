"""One folder per system; the registry names them all and loads each only when it is used."""
