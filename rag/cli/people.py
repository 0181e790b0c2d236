"""`rag user`: who may log in to the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.access.people import Role
from rag.cli.options import Json, Store
from rag.cli.printing import print_json
from rag.plural import counted

if TYPE_CHECKING:
    from rag.access.people import People

user_app = typer.Typer(
    help="The people who may log in to the page. As soon as there is one, everyone has to.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="To log in with.", show_default=False)]
RoleOf = Annotated[
    Role, typer.Option("--role", help="Readers ask; editors also add, edit and remove articles.")
]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, for scripts.")
]


@user_app.command()
def add(
    name: Name, role: RoleOf = Role.READER, password_stdin: FromInput = False, store: Store = None
) -> None:
    """Let someone in; a name that is there already is refused."""
    people = _people(store)
    first = not people.known()
    person = people.add(name, _password(password_stdin), role)
    typer.echo(f"{person.name} may log in as {person.role}")
    if first:
        typer.echo("From its next start on the page asks for a login.", err=True)


@user_app.command("list")
def list_people(store: Store = None, as_json: Json = False) -> None:
    """List who may log in."""
    known = _people(store).known()
    if as_json:
        print_json([{"name": person.name, "role": person.role} for person in known])
        return
    for person in known:
        typer.echo(f"{person.role:<7} {person.name}")
    typer.echo(counted(len(known), "person", "people"))


@user_app.command()
def remove(name: Name, store: Store = None) -> None:
    """Let someone in no more; their sessions end at once."""
    people = _people(store)
    people.remove(name)
    left = len(people.known())
    typer.echo(f"{counted(left, 'person', 'people')} left")
    if not left:
        typer.echo("From its next start on the page asks nobody to log in.", err=True)


@user_app.command()
def password(name: Name, password_stdin: FromInput = False, store: Store = None) -> None:
    """Set a new password; sessions begun with the old one end at once."""
    _people(store).change(name, password=_password(password_stdin))
    typer.echo("the password is changed")


@user_app.command("role")
def change_role(
    name: Name,
    new: Annotated[Role, typer.Argument(metavar="ROLE", help="The new role.", show_default=False)],
    store: Store = None,
) -> None:
    """Give someone another role, at once."""
    _people(store).change(name, role=new)
    typer.echo(f"{name} is {new} now")


def _people(store: Path | None) -> People:
    from rag import settings
    from rag.access.people import People, file_of

    return People(file_of(settings.load(store=store)))


def _password(from_input: bool) -> str:
    """Return what is typed twice and not shown, or the first line of the standard input."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
