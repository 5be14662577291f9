"""The application factory. It starts no process and opens no store."""

import os
from pathlib import Path

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from pesai.access.tokens import Tokens
from pesai.engine.choice import engine_for
from pesai.engine.protocol import Engine
from pesai.releases.layout import Home
from pesai.settings import Settings, settings
from pesai.web import (
    accessibility,
    allowance,
    answers,
    attempts,
    changes,
    citing,
    compare,
    concepts,
    editor,
    findings,
    graphs,
    graphstore,
    guided,
    home,
    i18n,
    initiatives,
    journal,
    lookup,
    matches,
    matrix,
    measured,
    neighbours,
    organisations,
    problems,
    quality,
    queries,
    readers,
    reconcile,
    releases,
    search,
    sections,
    service,
    sessions,
    shell,
    signin,
    sparql,
    state,
    themes,
    timeline,
    update,
    vocabulary,
    worldmap,
)

__all__ = ["create_app"]

_BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    sections.blueprint,
    initiatives.blueprint,
    organisations.blueprint,
    themes.blueprint,
    findings.blueprint,
    measured.blueprint,
    search.blueprint,
    reconcile.blueprint,
    queries.blueprint,
    lookup.blueprint,
    matches.blueprint,
    graphs.blueprint,
    graphstore.blueprint,
    vocabulary.blueprint,
    concepts.blueprint,
    compare.blueprint,
    matrix.blueprint,
    worldmap.blueprint,
    timeline.blueprint,
    quality.blueprint,
    guided.blueprint,
    editor.blueprint,
    neighbours.blueprint,
    accessibility.blueprint,
    releases.blueprint,
    journal.blueprint,
    changes.blueprint,
    citing.blueprint,
    service.blueprint,
    sparql.blueprint,
    signin.blueprint,
    update.blueprint,
)
"""Every page group. A new one is a line here."""


def create_app(engine: Engine | None = None, chosen: Settings | None = None) -> Flask:
    """The web application over an engine.

    Args:
        engine: answers the queries; by default that of ``PESAI_ENGINE``: the one that ``pesai
            serve`` started (``PESAI_ENGINE_SOCKET`` names its socket), or a server elsewhere.
        chosen: settings; by default those of this process.
    """
    app = Flask("pesai.web")
    socket = Path(os.environ.get("PESAI_ENGINE_SOCKET", "engine.sock"))
    chosen = chosen or settings()
    state.put(app, engine or engine_for(chosen.engine, socket, chosen.client_seconds), chosen)
    if chosen.trusted_proxy:
        hops = chosen.trusted_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    allowance.init_app(app)
    attempts.init_app(app)
    readers.init_app(app, Tokens(Home(chosen.home).access))
    sessions.init_app(app, chosen)
    i18n.init_app(app)
    shell.init_app(app)
    answers.init_app(app)
    problems.init_app(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
