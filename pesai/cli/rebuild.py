"""``pesai rebuild``: the graph again from the kept sources."""

from typing import Annotated

import typer

from pesai.cli import console
from pesai.cli.options import base, home
from pesai.cli.report import report

__all__ = ["rebuild"]


def rebuild(
    release: Annotated[
        str | None,
        typer.Option(help="Make only the stores of this older release again, from its N-Quads."),
    ] = None,
    why: Annotated[str, typer.Option(help="The reason; told in the manifest.")] = "",
) -> None:
    """Make a new release from the kept sources: after an upgrade, or a loss.

    Works when all releases are lost and the folder 'sources' is there.

    Example: pesai rebuild --why "after the upgrade to 0.2"

    Example: pesai rebuild --release 12
    """
    from pesai.releases.lock import publisher_lock

    with publisher_lock(home(), waiting=console.waiting) as held:
        if release is not None:
            from pesai.releases.restore import rebuild_release

            made = rebuild_release(held, release)
            if console.as_json():
                console.show_json({"release": made.id})
            console.say(f"the stores of release {made.id} are there again")
            return
        from pesai.releases.rebuild import rebuild as again
        from pesai.vocabulary.context import document

        with console.told() as tell:
            outcome = again(
                held, base(),
                who=console.user(), why=why or "pesai rebuild", tell=tell, document=document,
            )  # fmt: skip
    report(outcome)
