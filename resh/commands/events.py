"""`events`: the last ones, or all from now on; and which of them print above the prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.commands.flow import MOST_ROWS
from resh.commands.sheet import Sheet
from resh.errors import ReshError
from resh.events.event import Event
from resh.events.filter import Filter, patterns, severity
from resh.events.table import OTHER_NAMES
from resh.render.events import event_line
from resh.text import did_you_mean

_SUBCOMMANDS = ("last", "follow", "mute", "unmute")


def run(context: Context, rows: Rows, pattern: str | None, run: str | None, severity: str | None, after: int | None) -> Iterator[Sheet]:
    wanted = _filter(context, pattern, run, severity)
    return _rows(context, context.app.log.last(None, run=wanted.run, fits=_beyond(after, wanted)))


def run_last(context: Context, rows: Rows, n: int, pattern: str | None, run: str | None, severity: str | None) -> Iterator[Sheet]:
    wanted = _filter(context, pattern, run, severity)
    return _rows(context, context.app.log.last(min(max(0, n), MOST_ROWS), run=wanted.run, fits=wanted))


def run_follow(
    context: Context, rows: Rows, pattern: str | None, run: str | None, severity: str | None, after: int | None
) -> Iterator[Sheet]:
    log, wanted = context.app.log, _filter(context, pattern, run, severity)
    start = log.last_seq() if after is None else after
    return _followed(context, log.follow(start, context.cancel, idle=lambda: context.sink.live([])), wanted)


def run_mute(context: Context, rows: Rows, pattern: str | None, session: bool) -> Rows:
    if pattern is None:
        yield from ({"pattern": one, "where": where} for one, where in _muted(context))
        return
    found = patterns(pattern, context.app.event_names)
    if session:
        context.muted.update(found)
    else:
        context.app.tables.mutes.add(context.user, found)
    yield f"{', '.join(found)}: no longer above {'this' if session else 'your'} prompt; events last shows all of them"


def run_unmute(context: Context, rows: Rows, pattern: str) -> Rows:
    muted = [one for one, _ in _muted(context)]
    wanted = [OTHER_NAMES.get(word, word) for word in (part.strip() for part in pattern.split(","))]
    found = [one for one in muted if any(one == word or fnmatchcase(one, word) for word in wanted)]
    if not found:
        raise ReshError(
            f"'{pattern}' is not muted", did_you_mean(pattern, muted) or (f"muted: {', '.join(muted)}" if muted else "nothing is")
        )
    context.muted.difference_update(found)
    context.app.tables.mutes.remove(context.user, found)
    yield f"{', '.join(dict.fromkeys(found))}: above the prompt again"


def _muted(context: Context) -> Iterator[tuple[str, str]]:
    """Each pattern, and where it counts."""
    yield from ((pattern, "every session of yours") for pattern in context.app.tables.mutes.of(context.user))
    yield from ((pattern, "this session") for pattern in sorted(context.muted))


def _filter(context: Context, pattern: str | None, run: str | None, least: str | None) -> Filter:
    names = patterns(pattern, context.app.event_names, _SUBCOMMANDS) if pattern else ()
    return Filter(names, severity=severity(least or "debug"), run=run or "")


def _beyond(after: int | None, wanted: Filter) -> Callable[[Event], bool]:
    return wanted if after is None else lambda event: event.seq > after and wanted(event)


def _followed(context: Context, events: Iterable[Event], wanted: Filter) -> Iterator[Sheet]:
    yield from _rows(context, (event for event in events if wanted(event)))
    context.cancel.check()


def _rows(context: Context, events: Iterable[Event]) -> Iterator[Sheet]:
    for event in events:
        context.cancel.check()
        yield _row(event, context.sink.colour)


def _row(event: Event, colour: bool) -> Sheet:
    first = {"seq": event.seq, "at": iso(event.at), "type": event.type, "severity": event.severity, "text": event.text}
    return Sheet(
        {**first, **{name: value for name, value in event.payload().items() if name not in first}},
        lambda _: iter([event_line(event, colour)]),
    )


_PATTERN = Argument("pattern", required=False, help="names of events, * and ? allowed, several with commas", complete="event")
_RUN = Option("run", str, None, "only of this run", complete="run")
_SEVERITY = Option("severity", str, None, "at least so severe: debug, info, warning or error", complete="severity")
_AFTER = Option("after", int, None, "only those numbered above")

EVENTS = Command(
    "events",
    run,
    "what happened, and what happens now",
    SOURCE,
    arguments=(_PATTERN,),
    options=(_RUN, _SEVERITY, _AFTER),
    help="By itself: all that is still known, oldest first, of whichever resh on this state folder. A terminal shows lines, everything "
    "else gets objects with the fields of each event.",
    examples=(
        ("events --run 01a7 --severity warning", "what went wrong in a run"),
        ("events 'cleanup_*,resource_cleaned' | count type", "how often clean-up did what"),
    ),
    subcommands=(
        Command(
            "last",
            run_last,
            "the last events, oldest first",
            arguments=(Argument("n", int, required=False, default=20, help="how many"), _PATTERN),
            options=(_RUN, _SEVERITY),
            examples=(
                ("events last 5", "the last five events of every resh on this state folder"),
                ("events last 3 scope_failed", "the last three of one sort"),
                ("events last 2 resource_updated | list seq, kind, count", "as any other rows"),
            ),
        ),
        Command(
            "follow",
            run_follow,
            "events as they come, until Ctrl-C",
            arguments=(_PATTERN,),
            options=(_RUN, _SEVERITY, _AFTER),
            help="With --after it begins with those that came since: a program that reads them on misses none.",
            examples=(
                ("events follow", "watch what happens"),
                ("events follow 'cleanup_*' --severity warning", "only what clean-up can not do"),
            ),
        ),
        Command(
            "mute",
            run_mute,
            "keep events from printing above your prompt",
            arguments=(_PATTERN,),
            options=(Option("session", help="only in this session"),),
            help="They are kept in the log all the same. It is remembered for the user, unless for the session only. "
            "Without a pattern: what is muted.",
            examples=(("events mute 'pre_*'; events mute", "not the beginning of each step"),),
        ),
        Command(
            "unmute",
            run_unmute,
            "let muted events print again",
            arguments=(Argument("pattern", help="a pattern that is muted; * is all of them", complete="event"),),
            examples=(("events mute login; events unmute login", "tell who comes"),),
        ),
    ),
)
