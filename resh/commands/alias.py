"""`alias`: short names for longer lines, with parameters if wanted. Each is a command of one's own, made with fewer words.

alias add vols search is(volume)            vols and volume_size > 100 | count
alias add big 'search is({{kind}}) | sort volume_size desc | head {{n}}'        big volume 5
"""

from __future__ import annotations

from resh.commands import making
from resh.commands.base import FLOW, SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.line import split, unquote
from resh.commands.line_template import ARGS
from resh.errors import Denied, SyntaxProblem, UsageError
from resh.search.mustache import names, pieces
from resh.state.commands import CustomCommand, CustomCommands, Parameter
from resh.text import did_you_mean

_REST = f" {{{{{ARGS}}}}}"
_YOURS, _ALL = "you", "everybody"
_MOST, _LONGEST = 200, 10_000
"""Of one's own: who may only look must not fill the disk with them."""


def run_list(context: Context, rows: Rows) -> Rows:
    yield from (_row(custom, _YOURS) for custom in _own(context).stored().values())
    yield from (_row(custom, _ALL) for custom in context.app.tables.commands.stored().values())


def run_add(context: Context, rows: Rows, name: str, line: str, own: bool) -> Rows:
    """Who may not make one for everybody makes it for himself."""
    own = own or context.role < Role.admin
    line = unquote(line).strip()
    made = _made(context, name, line)
    making.check(context, made.changed(template=line), own=own)  # by itself it is a line, too, unless it says where the rest goes
    making.check(context, made, own=own)
    if own:
        _check_room(context, line)
    if not (_own(context) if own else context.app.tables.commands).add(made):
        raise UsageError(f"there is a command {name} already", f"alias delete {name}, or take another name")
    yield _row(made, _YOURS if own else _ALL)


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    """One's own first."""
    own, all = _own(context), context.app.tables.commands
    for whose, table in ((_YOURS, own), (_ALL, all)):
        if custom := table.stored().get(name):
            if whose == _ALL and context.role < Role.admin:
                raise Denied(f"{name} is everybody's, and your role is {context.role.name}", "ask an admin")
            table.remove(name)
            yield _row(custom, whose)
            return
    raise UsageError(f"there is no alias '{name}'", did_you_mean(name, [*own.stored(), *all.stored()]) or "alias list shows all")


def _own(context: Context) -> CustomCommands:
    return context.app.tables.commands_of(context.user)


def _check_room(context: Context, line: str) -> None:
    if len(line) > _LONGEST:
        raise UsageError(f"the line has {len(line):,} letters, and may have {_LONGEST:,}", "keep parts of it as aliases of their own")
    if len(_own(context).stored()) >= _MOST:
        raise UsageError(f"you have {_MOST} aliases", "alias delete NAME makes room")


def _made(context: Context, name: str, line: str) -> CustomCommand:
    """Its parameters are what stands in {{ }}, in that order; without any, what is typed behind it goes to the end of the line."""
    found = sorted(names(pieces(line)), key=line.find)
    template = line if found else line + _REST
    return CustomCommand(name, template, f"alias of {line}", parameters=_parameters(found), source=_starts(context, line))


def _parameters(names: list[str]) -> tuple[Parameter, ...]:
    return tuple(Parameter(name) for name in names if name != ARGS)


def _starts(context: Context, line: str) -> bool:
    """Whether it may start a line, as its first command may."""
    try:
        pipelines = split(line)
    except SyntaxProblem as error:
        raise UsageError(f"{error.message}: {line}", error.hint) from None
    first = pipelines[0].stages[0].name if pipelines else ""
    return bool(first) and context.repertoire.find(first).position is not FLOW


def _row(custom: CustomCommand, whose: str) -> Row:
    return {"name": custom.name, "line": custom.template.removesuffix(_REST), "for": whose}


ALIAS = Command(
    "alias",
    run_list,
    "short names for longer lines",
    SOURCE,
    help="They are used, completed and explained like commands of resh: those of an admin by everybody on this state folder, one's own "
    "by oneself, and before another of that name. Whoever uses one needs the role for everything in it. Without a sub-command all are "
    "listed. Parameters with types and defaults: commands add.",
    examples=(("alias", "all of them"),),
    subcommands=(
        Command("list", run_list, "all of them", examples=(("alias list", "all"),)),
        Command(
            "add",
            run_add,
            "make a new one: for everybody if you are an admin, else for yourself",
            arguments=(
                Argument("name", help="its name", complete="free"),
                Argument("line", help="what it stands for; in single quotes if it has | in it", raw=True, later=True, complete="line"),
            ),
            options=(Option("own", help="only for yourself, whatever your role"),),
            help="{{x}} in the line is a parameter. Values are given in the order of the parameters, or as x=value. Without parameters "
            "whatever is typed behind the alias goes to the end of its line.",
            examples=(
                ("alias add vols search is(volume)", "vols and volume_size > 100 | count"),
                (
                    "alias add largest 'search is({{kind}}) | sort volume_size desc | head {{n}} | list id, volume_size'",
                    "largest volume 5",
                ),
            ),
        ),
        Command(
            "delete",
            run_delete,
            "forget one; of everybody's, as an admin",
            arguments=(Argument("name", help="an alias, or another command of your own", complete="own"),),
            examples=(("alias delete unowned", "gone"),),
        ),
    ),
)
