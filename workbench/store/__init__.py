"""What is kept on disk and in memory: slices and their manifest, artifacts, state, privacy."""
