"""From a key, a click or a drag to the exchange: one way, guarded."""
