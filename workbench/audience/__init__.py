"""Who listens: profiles, Taste clusters, what sets a cluster apart, Listener tiers."""
