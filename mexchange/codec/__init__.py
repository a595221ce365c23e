"""Bytes to domain and back: blocks, messages, records. The only package that knows generated classes."""
