"""`alerts`: conditions on metrics, looked at whenever metrics are generated."""

from __future__ import annotations

import re

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.line import unquote
from resh.commands.notify import known as known_target
from resh.commands.span import groups
from resh.commands.span import known as known_metric
from resh.durations import format_duration, parse_duration
from resh.errors import UsageError
from resh.metrics.condition import Condition, parse
from resh.metrics.watch import group
from resh.state.alerts import Alert
from resh.text import did_you_mean

_NAME = re.compile(r"\w[\w-]*")


def run_add(context: Context, rows: Rows, name: str | None, notify: str | None, repeat: str, condition: str) -> Rows:
    text = unquote(condition).strip()
    wanted = _checked(context, text)
    name = name or wanted.metric
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for an alert", "a name has letters, digits, _ and -")
    if notify:
        known_target(context, notify)
    alert = Alert(name, text, notify or "", parse_duration(repeat))
    if not context.app.tables.alerts.add(alert):
        raise UsageError(f"there is an alert {name} already", f"--name gives it another, alerts delete {name} forgets it")
    yield _row(context, alert)


def run_list(context: Context, rows: Rows) -> Rows:
    return (_row(context, alert) for alert in context.app.tables.alerts.stored().values())


def run_show(context: Context, rows: Rows, name: str) -> Rows:
    alert = _known(context, name)
    yield from _readings(context, parse(alert.condition))


def run_test(context: Context, rows: Rows, condition: str) -> Rows:
    text = unquote(condition).strip()
    known = context.app.tables.alerts.stored().get(text)
    yield from _readings(context, _checked(context, known.condition if known else text))


def run_mute(context: Context, rows: Rows, name: str, duration: str) -> Rows:
    _known(context, name)
    context.app.tables.alerts.change(name, muted=context.app.clock.now() + parse_duration(duration))
    yield _row(context, _known(context, name))


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    alert = _known(context, name)
    context.app.tables.alerts.remove(name)
    yield _row(context, alert)


def _readings(context: Context, condition: Condition) -> Rows:
    for reading in condition.readings(context.app.timeseries, context.app.clock.now()):
        yield {"group": group(reading), "value": reading.value, "limit": reading.limit, "fires": reading.holds}


def _checked(context: Context, text: str) -> Condition:
    condition = parse(text)
    known_metric(context, condition.metric)
    groups(context, condition.metric, ",".join(condition.by) or None)
    return condition


def _known(context: Context, name: str) -> Alert:
    stored = context.app.tables.alerts.stored()
    if name not in stored:
        raise UsageError(f"there is no alert '{name}'", did_you_mean(name, stored) or "alerts list shows them, alerts add makes one")
    return stored[name]


def _row(context: Context, alert: Alert) -> Row:
    return {
        "name": alert.name,
        "condition": alert.condition,
        "notify": alert.notify or None,
        "repeat": format_duration(alert.repeat),
        "muted_until": iso(alert.muted) if alert.muted > context.app.clock.now() else None,
        "firing": "; ".join(key or "total" for key in alert.firing) or None,
    }


_EXISTING = Argument("name", help="an alert", complete="alert")
_CONDITION = Argument(
    "condition",
    help="a metric, perhaps by labels, a comparison, and a number or one * avg(7d)",
    raw=True,
    angles=True,
    complete="condition",
)

ALERTS = Command(
    "alerts",
    None,
    "conditions on metrics, and whom they tell",
    SOURCE,
    help="A condition is a metric (its total, or by labels), one of > >= < <= = != and a number, or a number times avg, min or max of the "
    "time before: 'volumes_total by account > 1.2 * avg(7d)'. All are looked at when metrics are generated. What begins is told, and "
    "again after --repeat while it lasts; what ends is told, too: as events alert_fired and alert_resolved, and to the target.",
    subcommands=(
        Command(
            "add",
            run_add,
            "keep a new one",
            role=Role.operator,
            arguments=(_CONDITION,),
            options=(
                Option("name", str, None, "what it is called; without it like its metric", complete="free"),
                Option("notify", str, None, "the target that is told, too", complete="target"),
                Option("repeat", str, "1d", "after how long it is told again while it lasts", "duration"),
            ),
            examples=(("alerts add --name growth volumes_total by account > 1.2 * avg(7d)", "a fifth more than in the last week"),),
        ),
        Command("list", run_list, "all of them, and which of their groups fire", examples=(("alerts list", "all"),)),
        Command(
            "show",
            run_show,
            "what one says of each group now",
            arguments=(_EXISTING,),
            examples=(("alerts add volumes_total > 2; alerts show volumes_total", "value and limit"),),
        ),
        Command(
            "test",
            run_test,
            "what a condition says now, without keeping it; or that of an alert, by its name",
            arguments=(_CONDITION,),
            examples=(("alerts test volumes_total by region > 2", "regions with more than two"),),
        ),
        Command(
            "mute",
            run_mute,
            "let one tell nobody for a while",
            role=Role.operator,
            arguments=(_EXISTING, Argument("duration", help="for how long, such as 2h", complete="duration")),
            help="When that is over it tells what is true then.",
            examples=(("alerts add volumes_total > 2; alerts mute volumes_total 2h", "two hours of silence"),),
        ),
        Command(
            "delete",
            run_delete,
            "forget one",
            role=Role.operator,
            arguments=(_EXISTING,),
            examples=(("alerts add volumes_total > 2; alerts delete volumes_total", "told no more"),),
        ),
    ),
)
