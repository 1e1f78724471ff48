"""`slack`, `discord`, `pagerduty`, `alertmanager`, `jira`: rows as a message, to where the line or a target says.

Each is made of what its notifier says about its fields, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from resh.commands.base import BOTH, Command, Context, Option, Role, Rows
from resh.commands.notify import known, told
from resh.errors import UsageError
from resh.notify.alertmanager import Alertmanager
from resh.notify.base import SEVERITIES, Field, Notifier
from resh.notify.discord import Discord
from resh.notify.jira import Jira
from resh.notify.pagerduty import PagerDuty
from resh.notify.slack import Slack
from resh.record import Record

if TYPE_CHECKING:
    from resh.notify.delivery import Target


class Channel(Record):
    """`title` and `text` are the names of the parameters that say what the message is; `most` is how many rows it tells one by one."""

    notifier: Notifier
    summary: str
    title: str
    text: str
    severity: str
    most: int
    examples: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.notifier.name


def _command(channel: Channel) -> Command:
    own = (
        Option(channel.title, str, None, "what it is about; otherwise how many rows there are", complete="free"),
        Option(channel.text, str, None, "a text above the rows", complete="free"),
        Option("severity", str, channel.severity, f"{', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]}", "notice"),
        Option("target", str, None, f"a target of notify for {channel.name}; the only one is taken by itself", complete="target"),
    )
    return Command(
        channel.name,
        _runner(channel),
        channel.summary,
        BOTH,
        Role.operator,
        options=(*own, *(_option(field) for field in channel.notifier.fields)),
        help=f"Options may be written name=value. The first {channel.most} rows are told one by one, the others are counted; no rows are "
        "nothing to tell. Where it goes is either on the line (such lines are not kept in the history) or in a target of notify.",
        examples=channel.examples,
        pairs=True,
    )


def _option(field: Field) -> Option:
    choices = f" ({', '.join(field.choices)})" if field.choices else ""
    default = f"; otherwise {field.default}" if field.default else ""
    return Option(field.name, str, None, f"{field.help}{choices}{default}", complete="free")


def _runner(channel: Channel) -> Callable[..., Rows]:
    def run(context: Context, rows: Rows, **params: Any) -> Rows:
        return _run(channel, context, rows, params)

    return run


def _run(channel: Channel, context: Context, rows: Rows, params: dict[str, Any]) -> Rows:
    fields = channel.notifier.fields
    given = {field.name: str(value) for field in fields if (value := params[field.name.replace("-", "_")]) is not None}
    target = _target(channel, context, params["target"], given, fields)
    said = told(context, rows, params[channel.title] or "", params[channel.text] or "", params["severity"], channel.most)
    if said is None:
        return
    delivery = context.app.delivery
    if target is None:
        delivery.tell(channel.notifier, said, given, context.cancel)
    else:
        delivery.send(target, said, context.cancel, given)
    yield {"notifier": channel.name, **({"target": target.name} if target else {}), "rows": said.total}


def _target(channel: Channel, context: Context, name: str | None, given: dict[str, str], fields: Sequence[Field]) -> Target | None:
    """The target that is named, or the only one there is; None when the line says where it goes."""
    connection = [field.name for field in fields if field.connection and field.name in given]
    if connection and name:
        raise UsageError(
            f"{channel.name}: {connection[0]} is given, and a target", "give one of them: a target's key goes to its own address only"
        )
    if connection:
        return None
    if name is None:
        stored = [one for one, target in context.app.tables.targets.stored().items() if target.notifier == channel.name]
        if len(stored) != 1:
            missing = next(field.name for field in fields if field.connection and not field.optional and not field.default)
            raise UsageError(f"{channel.name}: {missing} is missing", f"give it, or target={' or '.join(stored) or '…'}")
        name = stored[0]
    target = known(context, name)
    if target.notifier != channel.name:
        raise UsageError(f"{channel.name}: the target {name} is a {target.notifier}", f"notify {name} tells it")
    return target


SLACK = _command(
    Channel(
        Slack(),
        "tell a channel of Slack",
        "title",
        "message",
        "info",
        25,
        (
            (
                'search is(volume) and volume_status = available | slack title="Volumes that nothing uses"',
                "to the only target that is a slack",
            ),
        ),
    )
)
DISCORD = _command(
    Channel(
        Discord(),
        "tell a channel of Discord",
        "title",
        "message",
        "info",
        25,
        (
            (
                'search is(instance) and tags.owner = null | discord title="Nobody\'s instances" webhook=https://discord.com/api/webhooks/1/x',
                "a channel",
            ),
        ),
    )
)
PAGERDUTY = _command(
    Channel(
        PagerDuty(),
        "make an alert in PagerDuty",
        "summary",
        "message",
        "warning",
        100,
        (
            (
                'search is(volume) and volume_status = available | pagerduty summary="Idle volumes" routing_key=R0 dedup_key=volumes',
                "one alert, however often",
            ),
        ),
    )
)
ALERTMANAGER = _command(
    Channel(
        Alertmanager(),
        "make an alert in a Prometheus Alertmanager",
        "name",
        "description",
        "warning",
        25,
        (
            (
                "search is(volume) and age > 30d | alertmanager name=old_volumes alertmanager_url=http://localhost:9093",
                "it stands for three hours",
            ),
        ),
    )
)
JIRA = _command(
    Channel(
        Jira(),
        "make an issue in Jira",
        "title",
        "message",
        "info",
        25,
        (
            (
                'search is(volume) and tags.owner = null | jira title="Who owns these?" url=https://example.atlassian.net '
                "username=ada@example.org token=T0 project_id=OPS",
                "an issue",
            ),
        ),
    )
)
