"""The terminal client. It reaches the exchange through `client` and decides nothing about money itself."""
