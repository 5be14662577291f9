"""PESAI: who does what with artificial intelligence in public employment services."""

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    # Looked up when it is asked for: finding it takes half of the time in which a worker starts.
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pesai")
    except PackageNotFoundError:  # a checkout that was not installed
        return "0+unknown"
