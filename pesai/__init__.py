"""PESAI: who does what with artificial intelligence in public employment services."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("pesai")
except PackageNotFoundError:  # a checkout that was not installed
    __version__ = "0+unknown"
