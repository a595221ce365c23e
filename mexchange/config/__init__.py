"""Settings of every program: where each value came from, which server is meant, keys and pins on disk."""
