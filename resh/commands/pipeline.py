"""A pipeline of stages as a running stream of rows.

    steps = resolve(pipeline.stages, context)       # every name, role, position and argument checked before anything runs
    for row in rows(steps, context): ...            # leading search stages are one query, the rest lazy generators
    show(rows, context)                             # rows that no format took: a table, JSON lines, or text

Errors that have a place in a stage come out with their place in the whole text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from resh.cancel import Cancel
from resh.commands.arguments import bind, wants_help
from resh.commands.base import FLOW, SOURCE, START, Argument, Command, Context, Option, Position, Role, Rows
from resh.commands.line import Stage
from resh.commands.table import NAMES, Entry, find, load
from resh.errors import Denied, SyntaxProblem, UnknownCommand, UsageError
from resh.record import Record

if TYPE_CHECKING:
    from resh.search.tree import Query

MOST_STAGES = 100
"""Each is a generator around the one before, and Python ends at a thousand calls in each other."""


class Ready(Record):
    """A stage with its command and the values of its arguments."""

    stage: Stage
    command: Command
    params: Mapping[str, Any]


def resolve(stages: Sequence[Stage], context: Context, text: str = "") -> list[Ready]:
    """Find each stage's command and bind its arguments. Raises UnknownCommand, Denied, UsageError; nothing has run then."""
    _refuse_many(stages)
    if stages and ">" in stages[-1].source:
        from resh.commands.redirect import redirected

        stages = redirected(stages)
    if any(stage.name not in NAMES and "=" not in stage.name for stage in stages):
        stages = _expanded(stages, context)
        _refuse_many(stages)
    return [_ready(number, stage, context, text) for number, stage in enumerate(stages)]


def _refuse_many(stages: Sequence[Stage]) -> None:
    if len(stages) > MOST_STAGES:
        raise UsageError(f"{len(stages):,} commands are joined with |; a line takes {MOST_STAGES}", "cut it into several lines")


def _expanded(stages: Sequence[Stage], context: Context) -> list[Stage]:
    """With the stages of templates in the place of the commands that people made of them."""
    known, found = context.repertoire, list[Stage]()
    for number, stage in enumerate(stages):
        if wants_help(stage):
            found.append(stage)
            continue
        if stage.name in known.custom:
            _check_position(stage.name, known.find(stage.name).position, number)
        found += known.expanded([stage], context.app.clock.now())
    return found


def _ready(number: int, stage: Stage, context: Context, text: str) -> Ready:
    entry = _find(stage, context)
    if wants_help(stage):
        help_command = load(find("help"))
        return Ready(stage, help_command, {"name": (entry.name,)})
    _check_position(stage.name, entry.position, number)
    with placed(stage, text):
        command, params = bind(load(entry) if entry.module else context.repertoire.load(entry), stage, context.app.clock.now())
        params |= _variables(command, params, context.env, first=number == 0)
        if "{{" in stage.source:
            params |= _with_values(command, params, context)
    name = entry.name if command.name == entry.name else f"{entry.name} {command.name}"
    _check_position(name, command.position, number)
    if context.role < command.role:
        raise Denied(f"{name} needs the role {command.role.name}; yours is {context.role.name}", "ask an admin for another role")
    return Ready(stage, command, params)


def _variables(command: Command, params: Mapping[str, Any], env: Mapping[str, str], first: bool) -> dict[str, str]:
    """Values of the arguments and options that were not given, from the variables that stand in for them."""
    declared: tuple[Argument | Option, ...] = (*command.arguments, *(command.options if first else ()))
    missing = [one for one in declared if one.variable in env and params[one.name.replace("-", "_")] is None]
    return {one.name.replace("-", "_"): env[one.variable] for one in missing}


def _with_values(command: Command, params: Mapping[str, Any], context: Context) -> dict[str, str]:
    """The searches among its arguments, with variables of the line in place of `{{name}}`."""
    names = [argument.name for argument in command.arguments if argument.complete == "search" and params.get(argument.name)]
    return {name: context.app.searches.filled(params[name], context.env) for name in names}


def _find(stage: Stage, context: Context) -> Entry:
    if stage.name in NAMES:
        return NAMES[stage.name]
    if "=" in stage.name:
        name, _, value = stage.name.partition("=")
        raise UnknownCommand(f"'{name}={value}' sets a variable only at the start of a line", "move it to the start")
    return context.repertoire.find(stage.name)


def _check_position(name: str, position: Position, number: int) -> None:
    if number == 0 and position is FLOW:
        hint = f"put rows in front of it, such as search is(volume) | {name}"
        raise UsageError(f"{name} can not start a line: it works on the rows of a command before it", hint)
    if number > 0 and position is SOURCE:
        raise UsageError(f"{name} can only start a line: it makes rows and takes none", "separate two lines with ;")


@contextmanager
def placed(stage: Stage, text: str) -> Iterator[None]:
    """Errors in the stage's arguments get their place in the whole text, when the arguments stand in it as they are."""
    try:
        yield
    except SyntaxProblem as error:
        at = text.find(error.text, stage.arguments_at) if text and error.text else -1
        if at < 0 or at + len(error.text) > stage.end:
            raise
        raise SyntaxProblem(error.message, text, at + error.position, error.expected, error.hint) from None


def rows(steps: Sequence[Ready], context: Context, text: str = "") -> Rows:
    """The stream of the whole pipeline. Nothing runs before its first row is asked for, except that searches are parsed."""
    if context.beside:
        context.app.graph  # noqa: B018  one that is not there is told of, whatever the line wants
    query, fused = _fused(steps, context, text)
    context.at = None
    stream = _begun(context, query, steps[0]) if query else START
    for step in steps[fused:]:
        _refuse_past(context, step.command)
        run = cast(Callable[..., Rows], step.command.run)
        stream = _running(run(context, stream, **step.params), step.stage, text, context.cancel)
    return stream


def query_of(steps: Sequence[Ready], context: Context) -> Query | None:
    """The search that the leading stages are, which has not run."""
    return _fused(steps, context, "")[0]


def _fused(steps: Sequence[Ready], context: Context, text: str) -> tuple[Query | None, int]:
    """The query of the leading stages, and how many they are. Templates take their places stage by stage, before the next one fuses."""
    query = None
    for number, step in enumerate(steps):
        if step.command.fuse is None:
            return query, number
        with placed(step.stage, text):
            further = step.command.fuse(query, step.params)
            if further is None:
                return query, number
            query = _within(context.app.searches.expanded(further), context.section)
    return query, len(steps)


def _within(query: Query, section: str) -> Query:
    if not section:
        return query
    from resh.search.section import within

    return within(query, section)


def _begun(context: Context, query: Query, source: Ready) -> Rows:
    """The rows of the query, as the stage that starts it wants them."""
    from resh.commands.meaning import check

    context.query = query
    check(query, context.app.kind_ids.property_types, context.app.kind_ids.possible_types)
    if query.mixes_operators:
        _advise(context)
    begin = cast("Callable[[Context, Query, Mapping[str, Any]], Rows]", source.command.begin)
    return begin(context, query, source.params)


def _refuse_past(context: Context, command: Command) -> None:
    """What was true then, or is true in another graph, is no reason to change anything now."""
    if command.role > Role.viewer and command.position is not SOURCE and context.beside:
        hint = f"leave out graph={context.beside}: what is true in it may not be now"
        raise UsageError(f"{command.name} cannot follow the graph {context.beside}", hint)
    if context.at is not None and command.role > Role.viewer:
        raise UsageError(f"{command.name} cannot follow a search about the past", "search without --at: what was true then may not be now")


def _advise(context: Context) -> None:
    if context.interactive and "mixed" not in context.told:
        context.told.add("mixed")
        context.sink.note("and and or without brackets work from left to right: a or b and c is (a or b) and c")


def _running(stream: Iterable[Any], stage: Stage, text: str, cancel: Cancel) -> Rows:
    with placed(stage, text):
        for row in stream:
            cancel.check()
            yield row
