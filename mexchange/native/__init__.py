"""The engine compiled from `native/`: the module `_native`, where it was built."""
