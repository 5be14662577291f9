"""Publisher and releases: immutable stores, one per audience, switched to atomically."""
