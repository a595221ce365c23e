"""Programs for developers of mExchange. Nothing here is installed."""
