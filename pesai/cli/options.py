"""Options that several commands share, and what they mean."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pesai.access.audiences import Audience, Reader
    from pesai.namespaces import Base
    from pesai.releases.layout import Home

__all__ = ["As", "AtRelease", "Because", "audience_of", "base", "home", "reader_of"]

As = Annotated[
    str,
    typer.Option(
        "--audience", help="As whom to read: public, partners or owner:ORG (or its country)."
    ),
]
AtRelease = Annotated[
    str | None, typer.Option("--release", help="Number of a release instead of the present one.")
]
Because = Annotated[str, typer.Option("--why", help="The reason; told in the manifest.")]


def home() -> "Home":
    """The home of this node."""
    from pesai.releases.layout import Home
    from pesai.settings import settings

    return Home(settings().home)


def base() -> "Base":
    """Makes this node's IRIs."""
    from pesai.namespaces import Base
    from pesai.settings import settings

    return Base(settings().base_iri, plain=settings().dataset == "plain")


def reader_of(text: str) -> "Reader":
    """A reader as a user writes it; a country's code stands for its only service."""
    from pesai.releases.services import reader

    return reader(text, home(), base())


def audience_of(text: str) -> "Audience":
    """An audience as a user writes it; a country's code stands for its only service."""
    from pesai.releases.services import audience

    return audience(text, home(), base())
