"""Sockets: UDP endpoints, asynchronous and blocking, and the real clock."""
