"""From events to rows: what happened, in a database. A process of its own, which the daemon starts."""
