"""`cleanup rules`: what each rule looks for, whether it is on, and what it would mark now."""

from __future__ import annotations

from collections.abc import Iterator

from resh.cleanup.marking import name_of
from resh.cleanup.rules.base import Rule
from resh.cleanup.rules.common import configured
from resh.cleanup.rules.own import Own
from resh.cleanup.rules.run import hits
from resh.cleanup.rules.survey import identity
from resh.commands.base import Argument, Command, Context, Role, Row, Rows
from resh.durations import format_duration
from resh.errors import UsageError
from resh.events.people import ConfigUpdated
from resh.own_rules import entries
from resh.text import did_you_mean

_OWN = "cleanup.own_rules"


def run_list(context: Context, rows: Rows) -> Rows:
    return (_row(context, rule) for rule in context.app.cleanup.rules)


def run_show(context: Context, rows: Rows, rule: str) -> Iterator[str]:
    found, settings = _rule(context, rule), context.app.settings
    common = configured(found.name, settings)
    yield f"{found.name}: {found.description}"
    yield f"it is {'on' if common.enabled else 'off'}, and its effect is to {found.effect}"
    if isinstance(found, Own):
        yield f"reason: {found.written.reason}"
        cascade = ", cascade" if common.cascade else ""
        times = {"min_age": common.min_age, "grace": common.grace, "quarantine": common.quarantine}
        yield f"{', '.join(f'{name} {_time(seconds)}' for name, seconds in times.items())}{cascade}"
        yield f"accounts {', '.join(common.accounts) or 'all'}, kinds {', '.join(common.kinds) or 'all'}"
        return
    prefix = f"cleanup.rules.{found.name}."
    for setting in settings:
        if setting.path.startswith(prefix):
            value = settings.get(setting.path)
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{setting.path} = {shown or '(empty)'}: {setting.description}"


def run_enable(context: Context, rows: Rows, rule: str) -> Rows:
    return _switch(context, rule, True)


def run_disable(context: Context, rows: Rows, rule: str) -> Rows:
    return _switch(context, rule, False)


def run_test(context: Context, rows: Rows, rule: str) -> Rows:
    found, cleanup = _rule(context, rule), context.app.cleanup
    for hit in hits(found, cleanup.survey()):
        context.cancel.check()
        document = hit.document
        yield {
            "kind": document["kind"],
            "id": (document.get("reported") or {}).get("id"),
            "name": name_of(document),
            "reason": hit.found.reason,
            "unless": hit.why_not,
            "account": identity(document, "account", "name"),
            "region": identity(document, "region"),
            "node_id": document["id"],
        }


def _switch(context: Context, name: str, on: bool) -> Rows:
    app, rule = context.app, _rule(context, name)
    if isinstance(rule, Own):
        path = _OWN
        value: object = [{**one, "enabled": on} if one["name"] == name else dict(one) for one in entries(app.settings.get(_OWN))]
    else:
        path, value = f"cleanup.rules.{name}.enabled", on
    app.tables.settings.store(path, value)
    source = app.settings.source(path)
    if source in ("default", "state"):
        app.settings.set(path, value, "state")
    else:
        context.sink.note(f"{path} is stored, but here the value from the {source} counts")
    app.bus.emit(ConfigUpdated(path=path, by=context.user))
    yield _row(context, rule if not isinstance(rule, Own) else _rule(context, name))


def _row(context: Context, rule: Rule) -> Row:
    common = configured(rule.name, context.app.settings)
    return {
        "name": rule.name,
        "enabled": common.enabled,
        "effect": str(rule.effect),
        "min_age": _time(common.min_age),
        "grace": _time(common.grace),
        "cascade": common.cascade,
        "quarantine": _time(common.quarantine),
        "accounts": ", ".join(common.accounts) or "all",
        "description": rule.description,
    }


def _time(seconds: float) -> str:
    return format_duration(seconds) if seconds else "0 s"


def _rule(context: Context, name: str) -> Rule:
    rules = {rule.name: rule for rule in context.app.cleanup.rules}
    if name not in rules:
        raise UsageError(f"there is no rule '{name}'", did_you_mean(name, rules) or "cleanup rules list has them all")
    return rules[name]


_RULE = Argument("rule", help="name of a rule", complete="rule")

RULES = Command(
    "rules",
    None,
    "what marks by itself: list, show, switch on and off, try",
    help="Rules of your own are a search and a reason in cleanup.own_rules, and are listed with the others.",
    subcommands=(
        Command("list", run_list, "all rules, and which of them are on", examples=(("cleanup rules list", "what there is"),)),
        Command("show", run_show, "a rule with its settings", arguments=(_RULE,), examples=(("cleanup rules show volumes", "one rule"),)),
        Command(
            "enable",
            run_enable,
            "switch a rule on",
            role=Role.admin,
            arguments=(_RULE,),
            examples=(("cleanup rules enable volumes", "on"),),
        ),
        Command(
            "disable",
            run_disable,
            "switch a rule off: its marks go",
            role=Role.admin,
            arguments=(_RULE,),
            examples=(("cleanup rules disable volumes", "off"),),
        ),
        Command(
            "test",
            run_test,
            "what it would mark now, and why each; nothing is marked",
            arguments=(_RULE,),
            examples=(("cleanup rules test volumes", "before it is switched on"),),
        ),
    ),
)
