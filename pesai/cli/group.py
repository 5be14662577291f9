"""Groups of commands that can all answer in JSON."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from pesai.cli import console

__all__ = ["Group"]

F = TypeVar("F", bound=Callable[..., Any])

Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Answer in JSON, for programs.",
        callback=console.answer_in_json,
        is_eager=True,
    ),
]


class Group(typer.Typer):
    """A group whose commands all have the option ``--json``."""

    def command(
        self,
        name: str | None = None,
        **more: Any,  # noqa: ANN401 - what Typer takes
    ) -> Callable[[F], F]:
        """Register a command."""
        register = super().command(name, **more)

        def decorate(function: F) -> F:
            register(_with_json(function))
            return function

        return decorate


def _with_json(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with one parameter more, which its callback has read already."""

    @functools.wraps(function)
    def run(*, json: bool = False, **given: object) -> object:  # noqa: ARG001
        return function(**given)

    signature = inspect.signature(function)
    option = inspect.Parameter(
        "json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json
    )
    parameters = [*signature.parameters.values(), option]
    run.__dict__["__signature__"] = signature.replace(parameters=parameters)
    run.__annotations__ = {**function.__annotations__, "json": Json}
    return run
