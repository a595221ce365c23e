"""The exchange itself, as a pure function over integers: risk, match, settle, and the engine that composes them."""
