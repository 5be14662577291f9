"""``pesai token``: who may read more than the public, and who may write."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pesai.cli import console
from pesai.cli.group import Group
from pesai.cli.options import home, reader_of

if TYPE_CHECKING:
    from pesai.access.principals import Principal
    from pesai.access.tokens import Tokens

__all__ = ["app"]

app = Group(name="token", no_args_is_help=True, help="Tokens: who reads more, and who writes.")

USUAL_DAYS = 365

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the token, as 'token list' shows it.")]
Expires = Annotated[
    str,
    typer.Option("--expires", metavar="DATE", help="Last day on which it is good (2027-06-30)."),
]


@app.command()
def create(
    name: Annotated[
        str, typer.Option("--name", help="The service or unit that uses it; no name of a person.")
    ],
    audience: Annotated[
        str,
        typer.Option(
            "--audience", metavar="A", help="As whom it reads: public, partners or owner:ORG."
        ),
    ],
    may: Annotated[
        str,
        typer.Option(
            "--may",
            metavar="RIGHTS",
            help="load: write graphs for its own audience; publish: also show them to more "
            "readers, the public included; admin: take graphs back. With commas; none: it reads.",
        ),
    ] = "",
    expires: Expires = "",
) -> None:
    """Make a token and show it, once. It is good for a year when no date is given.

    Programs send it as 'Authorization: Bearer TOKEN'; people sign in with it at /sign-in.

    Example: pesai token create --name "Statistics unit" --audience owner:tootukassa --may load

    Example: pesai token create --name Editors --audience public --may load,publish
    """
    from pesai.access.principals import last_moment, rights

    until = last_moment(
        expires or (datetime.now(UTC) + timedelta(days=USUAL_DAYS)).date().isoformat()
    )
    made, token = _tokens().create(name, reader_of(audience), rights(may.split(",")), until)
    _show_once(made, token)


@app.command("list")
def list_() -> None:
    """Show all tokens: their ids, holders, rights and last days. Never the tokens themselves.

    Example: pesai token list
    """
    found = _tokens().all()
    if console.as_json():
        console.show_json([_told(one) for one in found])
        return
    rows = [list(_told(one).values()) for one in found]
    console.show_table(["id", "name", "audience", "may", "made", "good until", "state"], rows)


@app.command()
def rotate(identifier: Id, expires: Expires = "") -> None:
    """Give a token a new secret and show it, once. The old one is refused from now on.

    Example: pesai token rotate 3f2a9c1b --expires 2028-06-30
    """
    from pesai.access.principals import last_moment

    made, token = _tokens().rotate(identifier, last_moment(expires) if expires else None)
    _show_once(made, token)


@app.command()
def revoke(identifier: Id) -> None:
    """Refuse a token from now on; browser sessions that were begun with it end at once.

    Example: pesai token revoke 3f2a9c1b
    """
    gone = _tokens().revoke(identifier)
    if console.as_json():
        console.show_json({"revoked": gone.id})
    else:
        console.say(f"token {gone.id} ({gone.name}) is refused from now on")


def _tokens() -> "Tokens":
    from pesai.access.tokens import Tokens

    return Tokens(home().access)


def _show_once(made: "Principal", token: str) -> None:
    if console.as_json():
        console.show_json({**_told(made), "token": token})
        return
    console.warn("keep this token safe: it is shown this once, and only a hash of it is kept")
    console.say(token)


def _told(one: "Principal") -> dict[str, str]:
    last_day = one.expires - timedelta(seconds=1)
    return {
        "id": one.id,
        "name": one.name,
        "audience": one.audience,
        "may": ",".join(("read", *one.may)),
        "created": one.created.date().isoformat(),
        "expires": last_day.date().isoformat(),
        "state": "expired" if one.expired() else "good",
    }
