"""mExchange: an exchange that one command starts on a laptop. Packages and floors: docs/ARCHITECTURE.md."""

__version__ = "0.1.0"
