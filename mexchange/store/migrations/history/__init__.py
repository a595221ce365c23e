"""Revisions of the history database."""
