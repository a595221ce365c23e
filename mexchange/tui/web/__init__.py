"""The terminal client in a browser of the same machine."""
