"""The command line ``pesai``."""

__all__ = ["main"]


def main() -> None:
    """Run a command. What commands need is imported when they are called, not by their package."""
    from pesai.cli.main import main as run

    run()
