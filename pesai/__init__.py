"""PESAI: who does what with artificial intelligence in public employment services."""

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    # Looked up when it is asked for: finding it takes half of the time in which a worker starts.
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("pesai")
    except PackageNotFoundError:  # a checkout that was not installed
        found = "0+unknown"
    globals()["__version__"] = found
    return found
