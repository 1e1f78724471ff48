"""`alias`: short names for longer lines, with parameters if wanted. Each is a command of one's own, made with fewer words.

alias add vols search is(volume)            vols and volume_size > 100 | count
alias add big 'search is({{kind}}) | sort volume_size desc | head {{n}}'        big volume 5
"""

from __future__ import annotations

from resh.commands import making
from resh.commands.base import FLOW, SOURCE, Argument, Command, Context, Role, Row, Rows
from resh.commands.line import split, unquote
from resh.commands.line_template import ARGS
from resh.errors import SyntaxProblem, UsageError
from resh.search.mustache import names, pieces
from resh.state.commands import CustomCommand, Parameter
from resh.text import did_you_mean

_REST = f" {{{{{ARGS}}}}}"


def run_list(context: Context, rows: Rows) -> Rows:
    for custom in context.app.tables.commands.stored().values():
        yield _row(custom)


def run_add(context: Context, rows: Rows, name: str, line: str) -> Rows:
    line = unquote(line).strip()
    made = _made(context, name, line)
    making.check(context, made.changed(template=line))  # by itself it is a line, too, unless it says where the rest goes
    making.check(context, made)
    if not context.app.tables.commands.add(made):
        raise UsageError(f"there is a command {name} already", f"alias delete {name}, or take another name")
    yield _row(made)


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    stored = context.app.tables.commands.stored()
    if name not in stored:
        raise UsageError(f"there is no alias '{name}'", did_you_mean(name, stored) or "alias list shows all")
    context.app.tables.commands.remove(name)
    yield _row(stored[name])


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


def _row(custom: CustomCommand) -> Row:
    return {"name": custom.name, "line": custom.template.removesuffix(_REST)}


ALIAS = Command(
    "alias",
    None,
    "short names for longer lines",
    SOURCE,
    help="They are used, completed and explained like commands of resh, by everybody on this state folder. Whoever uses one needs the "
    "role for everything in it. Parameters with types and defaults: commands add.",
    subcommands=(
        Command("list", run_list, "all of them", examples=(("alias list", "all"),)),
        Command(
            "add",
            run_add,
            "make a new one",
            role=Role.admin,
            arguments=(
                Argument("name", help="its name", complete="free"),
                Argument("line", help="what it stands for; in single quotes if it has | in it", raw=True, later=True, complete="line"),
            ),
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
            "forget one",
            role=Role.admin,
            arguments=(Argument("name", help="an alias, or another command of your own", complete="own"),),
            examples=(("alias delete unowned", "gone"),),
        ),
    ),
)
