"""The command line ``pesai``."""

from pesai.cli.main import main

__all__ = ["main"]
