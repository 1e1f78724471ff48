"""`notify`: rows as a message to a target, and the targets themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from resh.commands.base import BOTH, START, Argument, Command, Context, Option, Role, Row, Rows
from resh.errors import Denied, ReshError, UsageError
from resh.notify.base import SEVERITIES
from resh.notify.message import MOST_ITEMS, compose

if TYPE_CHECKING:
    from resh.notify.base import Field, Message, Notifier
    from resh.notify.delivery import Target

_NAME = re.compile(r"\w[\w.-]*")


def run_notify(
    context: Context, rows: Rows, target: str, title: str | None, message: str | None, severity: str, items: int, always: bool
) -> Rows:
    chosen = known(context, target)
    said = told(context, rows, title or "", message or "", severity, items)
    if said is None and always:
        said = told(context, START, title or "", message or "", severity, items)
    if said is not None:
        context.app.delivery.send(chosen, said, context.cancel)
        yield {"target": target, "notifier": chosen.notifier, "rows": said.total}


def told(context: Context, rows: Rows, title: str, text: str, severity: str, most: int) -> Message | None:
    """The message that the rows make; None when there are no rows, which is nothing to tell. At the start of a line it needs none."""
    if severity not in SEVERITIES:
        raise UsageError(f"'{severity}' is no severity", f"one of {', '.join(SEVERITIES)}")
    if not 0 <= most <= MOST_ITEMS:
        raise UsageError(f"{most} rows are too many for a message", f"at most {MOST_ITEMS} are told one by one, the rest is counted")
    starts = rows is START
    said = compose(rows, title=title, text=text, severity=severity, most=most, at=context.app.clock.now())
    if not said.total and not starts:
        return None
    if starts and not (title or text):
        raise UsageError("there is nothing to tell", "give --title, --message, or rows in front of it")
    return said if title else said.changed(title=_title(said))


def _title(said: Message) -> str:
    if not said.total:
        return said.text.splitlines()[0]
    return f"resh: {said.total:,} row{'s' if said.total > 1 else ''}"


def known(context: Context, name: str) -> Target:
    from resh.notify.delivery import Target

    stored = context.app.tables.targets.get(name)
    return Target(name, stored.notifier, stored.values)


def run_list(context: Context, rows: Rows) -> Rows:
    for name, target in context.app.tables.targets.stored().items():
        yield _row(name, target.notifier, target.values)


def run_types(context: Context, rows: Rows, notifier: str | None) -> Rows:
    delivery = context.app.delivery
    if notifier is None:
        yield from ({"notifier": one.name, "description": one.description} for one in delivery.notifiers.values())
    else:
        yield from (_field(field) for field in delivery.notifier(notifier).fields)


def _field(field: Field) -> Row:
    need = "optional" if field.optional else field.default or "required"
    return {"field": field.name, "default": need, "secret": field.secret, "help": field.help + _choices(field)}


def _choices(field: Field) -> str:
    return f" ({' or '.join(field.choices)})" if field.choices else ""


def run_add(context: Context, rows: Rows, name: str, notifier: str, values: tuple[str, ...]) -> Rows:
    from resh.state.targets import StoredTarget

    _refuse_remote(context)
    if not _NAME.fullmatch(name) or name in _SUBCOMMANDS:
        raise UsageError(
            f"'{name}' is no name for a target", f"a name has letters, digits, _, . and -, and is none of {', '.join(_SUBCOMMANDS)}"
        )
    found = _checked(context.app.delivery.notifier(notifier), _pairs(values))
    if not context.app.tables.targets.add(name, StoredTarget(notifier, found)):
        raise UsageError(f"there is a target {name} already", f"notify set {name} changes it")
    yield _row(name, notifier, found)


def run_set(context: Context, rows: Rows, name: str, values: tuple[str, ...]) -> Rows:
    _refuse_remote(context)
    target = known(context, name)
    changes = _pairs(values)
    kept = {key: value for key, value in target.values.items() if key not in changes}
    found = _checked(context.app.delivery.notifier(target.notifier), {**kept, **{key: value for key, value in changes.items() if value}})
    if not context.app.tables.targets.change(name, found):
        raise ReshError(f"the target {name} has just been deleted", f"notify add {name} makes it anew")
    yield _row(name, target.notifier, found)


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    target = known(context, name)
    context.app.tables.targets.remove(name)
    yield _row(name, target.notifier, target.values)


def run_test(context: Context, rows: Rows, name: str) -> Rows:
    clock, target = context.app.clock, known(context, name)
    started = clock.now()
    text = f"{context.user} tests the target {name}. Nothing has happened."
    said = compose((), title="A test of resh", text=text, at=started)
    context.app.delivery.send(target, said, context.cancel)
    yield {"target": name, "notifier": target.notifier, "delivered": True, "seconds": round(clock.now() - started, 2)}


def _refuse_remote(context: Context) -> None:
    """A target sends what a file or a variable of this machine holds to an address: only who is at the machine may say which and where."""
    if not context.local:
        raise Denied("targets are made and changed only in a local session", "do it on the machine that resh runs on")


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for name, equals, _ in pairs:
        if not equals:
            raise UsageError("a word is no field=value", "write it like webhook=env:SLACK_WEBHOOK; put a value with blanks into quotes")
        if not name:
            raise UsageError("a value has no field", "write it like to=ada@example.org")
    return {name: value for name, _, value in pairs}


def _checked(notifier: Notifier, values: Mapping[str, str]) -> dict[str, str]:
    """What is to be stored. Raises UsageError for a field that is missing or wrong, and for a secret that is no reference."""
    from resh.notify.delivery import complete
    from resh.secret_references import check, is_reference
    from resh.web.request import parse_url

    secrets = {field.name for field in notifier.fields if field.secret}
    for name, value in values.items():
        if name in secrets or is_reference(value):
            check(name, value)
        elif name in ("url", "webhook_url", "alertmanager_url") and parse_url(value, "https").auth:
            raise UsageError(f"{name} has a password in it, which is never stored", "give the address as a reference, such as env:VARIABLE")
    complete(notifier, values)
    return dict(values)


def _row(name: str, notifier: str, values: Mapping[str, str]) -> Row:
    return {"target": name, "notifier": notifier, **values}


_TARGET = Argument("name", help="a target", complete="target")
_NOTIFIER = Argument("notifier", help="slack, mail and the like", complete="notifier")
_VALUES = Argument("values", help="field=value, as notify types <notifier> lists them", many=True, complete="free")
_SUBCOMMANDS = ("list", "types", "add", "set", "delete", "test")

NOTIFY = Command(
    "notify",
    run_notify,
    "tell people, and whom to tell",
    BOTH,
    Role.operator,
    arguments=(Argument("target", help="whom to tell", complete="target"),),
    options=(
        Option("title", str, None, "what it is about; otherwise how many rows there are", complete="free"),
        Option("message", str, None, "a text above the rows", complete="free"),
        Option("severity", str, "info", f"{', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]}", "notice"),
        Option("items", int, 25, "rows that are told one by one; the others are counted"),
        Option("always", help="also when there are no rows; otherwise that is nothing to tell"),
    ),
    help="The rows before it become one message with a line for each of the first ones. All attempts together take notify.timeout at "
    "most. A target that cannot be reached is an event once, and tried once a message from then on, until it takes one again.",
    examples=(
        ('search is(volume) and volume_status = available | notify team --title "Volumes that nothing uses"', "to the target team"),
        ('notify team --message "The migration starts now"', "without rows"),
    ),
    subcommands=(
        Command("list", run_list, "the targets; of secrets where they are", examples=(("notify list", "all"),)),
        Command(
            "types",
            run_types,
            "what can be told, or the fields of one of them",
            arguments=(Argument("notifier", required=False, help="slack, mail and the like", complete="notifier"),),
            examples=(("notify types", "all"), ("notify types mail", "what a target for e-mail needs")),
        ),
        Command(
            "add",
            run_add,
            "keep a new target",
            role=Role.admin,
            arguments=(Argument("name", help="its name", complete="free"), _NOTIFIER, _VALUES),
            help="Secrets are not stored but where they are: env:VARIABLE of the process, file:/path, or keyring:service/name with the "
            "package keyring (resh[keyring]). Other values may be given like that, too. Works in local sessions only.",
            examples=(
                ("notify add platform slack webhook=env:SLACK_WEBHOOK", "a channel"),
                ("notify add ops mail host=mail.example.org from=resh@example.org to=ops@example.org", "people"),
            ),
        ),
        Command(
            "set",
            run_set,
            "change values of a target",
            role=Role.admin,
            arguments=(_TARGET, _VALUES),
            help="field= takes a value away. Works in local sessions only.",
            examples=(("notify set team webhook=file:/run/secrets/slack", "the secret is in a file now"),),
        ),
        Command("delete", run_delete, "forget a target", role=Role.admin, arguments=(_TARGET,), examples=(("notify delete team", "gone"),)),
        Command(
            "test",
            run_test,
            "send a target a message that says so",
            role=Role.operator,
            arguments=(_TARGET,),
            examples=(("notify test team", "whether it arrives"),),
        ),
    ),
)
