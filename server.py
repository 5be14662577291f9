"""Entry point: ``python server.py`` serves; ``server:app`` is the WSGI application."""

from pesai.web import create_app

__all__ = ["app", "create_app"]

app = create_app()

if __name__ == "__main__":
    from pesai.cli.serve import serve

    serve("127.0.0.1", 8000, workers=2)
