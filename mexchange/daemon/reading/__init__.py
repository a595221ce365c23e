"""Answers about the past, read from the history tables on a thread of their own."""
