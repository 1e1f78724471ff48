"""All notifiers. A new one is one file and one line here; a package may bring its own (docs/plugins.md)."""

from __future__ import annotations

from resh.notify.alertmanager import Alertmanager
from resh.notify.base import Notifier
from resh.notify.discord import Discord
from resh.notify.jira import Jira
from resh.notify.pagerduty import PagerDuty
from resh.notify.slack import Slack
from resh.notify.teams import Teams
from resh.notify.webhook import Webhook


def built_in() -> dict[str, Notifier]:
    """By name."""
    from resh.notify.mail import Mail

    known: tuple[Notifier, ...] = (Slack(), Discord(), Teams(), PagerDuty(), Alertmanager(), Jira(), Mail(), Webhook())
    return {notifier.name: notifier for notifier in known}
