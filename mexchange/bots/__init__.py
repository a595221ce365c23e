"""Traders that are programs: a market maker and a taker who seeks inventory, each a client like any other."""
