"""Revisions of the wallet database."""
