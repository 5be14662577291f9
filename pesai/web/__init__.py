"""The web: one blueprint a page group, over the engine."""

from pesai.web.app import create_app

__all__ = ["create_app"]
