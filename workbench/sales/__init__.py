"""Sales: who buys again, what it is worth, and what to offer next."""
