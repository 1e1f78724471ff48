"""Words that can be completed and never change, by what they are, each with what it means: moments, durations, schedules, roles."""

from __future__ import annotations

from collections.abc import Mapping

SEVERITIES = ("debug", "info", "warning", "error")

WORDS: Mapping[str, Mapping[str, str]] = {
    "moment": {
        "1h": "an hour ago",
        "1d": "a day ago",
        "1w": "a week ago",
        "1M": "31 days ago",
        "@TODAY@": "when this day began, in UTC",
        "@YESTERDAY@": "when the day before began, in UTC",
    },
    "duration": {"30s": "30 seconds", "5m": "5 minutes", "1h": "an hour", "12h": "half a day", "1d": "a day", "1w": "a week"},
    "schedule": {
        "'0 9 * * MON'": "on Mondays at 9",
        "'0 3 * * *'": "every day at 3",
        "'*/15 * * * *'": "every quarter of an hour",
        "'0 0 1 * *'": "on the first of each month",
        "@hourly": "at every full hour",
        "@daily": "at midnight",
        "@weekly": "on Sundays at midnight",
        "@monthly": "on the first of each month",
        "'every 15m'": "15 minutes after the one before",
        "'@hourly ~ 5m'": "at every full hour, or up to 5 minutes later",
    },
    "timing": {"on": "of every line", "slow": "of lines that take a second or more", "off": "never"},
    "picture": {"line": "values over time", "bar": "one on the other", "heat": "days and hours"},
    "edge": {"default": "what contains or uses what", "delete": "what must be gone before what"},
    "change": {
        "created": "what a collect found for the first time",
        "updated": "what is different, in the cloud or by a mark",
        "deleted": "what is gone",
    },
    "severity": {name: f"{name}{' and worse' if name != SEVERITIES[-1] else ''}" for name in SEVERITIES},
    "notice": {
        "info": "good to know",
        "warning": "to be looked at soon",
        "error": "something is broken",
        "critical": "somebody must act now",
    },
    "role": {"viewer": "looks", "operator": "collects, marks, tags and runs workflows", "admin": "may do everything"},
    "group of scopes": dict.fromkeys(("status", "cloud", "account", "region", "kind", "service", "operation", "code"), "a group for each"),
    "group of calls": dict.fromkeys(("operation", "service", "account", "region", "purpose"), "a line for each"),
    "measure of calls": dict.fromkeys(
        ("calls", "seconds", "p95", "throttled", "retries", "bytes", "billed", "cost", "unpriced"), "the largest first"
    ),
    "place": {"metrics": "what is measured"},
    "section": {
        "reported": "what the cloud said",
        "desired": "what somebody wants",
        "metadata": "what resh and people note",
        "usage": "how much of itself it used",
        "/": "all of them: paths begin with the section",
    },
    "flag": {"true": "on", "false": "off"},
    "free": {},
}
