"""The vocabulary of the exchange: units, orders, markets, commands, events, rejects. No I/O, no clock, no floats."""
