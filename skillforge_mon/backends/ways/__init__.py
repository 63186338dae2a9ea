"""Ways from an alert to what people look at next: the panel, the lines and the traces of what it is about."""
