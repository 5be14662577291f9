"""The application factory. It starts no process and opens no store."""

import os
from pathlib import Path

from flask import Flask

from pesai.engine.embedded.server import SocketEngine
from pesai.engine.protocol import Engine
from pesai.settings import Settings, settings
from pesai.web import sparql

__all__ = ["create_app"]


def create_app(engine: Engine | None = None, chosen: Settings | None = None) -> Flask:
    """The web application over an engine.

    Args:
        engine: answers the queries; by default the one that ``pesai serve`` started, whose socket
            is named by ``PESAI_ENGINE_SOCKET``.
        chosen: settings; by default those of this process.
    """
    app = Flask("pesai.web")
    app.extensions["pesai.settings"] = chosen or settings()
    app.extensions["pesai.engine"] = engine or SocketEngine(
        Path(os.environ.get("PESAI_ENGINE_SOCKET", "engine.sock"))
    )
    app.register_blueprint(sparql.blueprint)
    return app
