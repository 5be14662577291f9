"""The embedded engine: pyoxigraph in processes that can be killed."""
