"""All commands by name. Nothing is imported until a command is used: `help`, completion and highlighting read only this table.

    find("volums")          UnknownCommand: there is no command 'volums'
    find("query")           the entry of search
    load(find("search"))    the Command itself

A command is added by one entry here and one declaration in its module; a test holds the two together.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from resh.commands.base import BOTH, FLOW, SOURCE, Command, Position
from resh.errors import UnknownCommand
from resh.record import Record
from resh.text import did_you_mean


class Entry(Record):
    """`module` within resh.commands and `attribute` in it hold the Command."""

    name: str
    module: str
    attribute: str
    summary: str
    position: Position = SOURCE
    family: str = "search"
    aliases: tuple[str, ...] = ()


_ENTRIES = (
    Entry("search", "search", "SEARCH", "find resources in the graph", BOTH, aliases=("query", "match", "execute_search")),
    Entry("count", "count", "COUNT", "count rows, or rows by the values of a property", FLOW),
    Entry("aggregate", "aggregate", "AGGREGATE", "group rows and compute sums, averages and the like", FLOW),
    Entry("aggregate_to_count", "count", "AGGREGATE_TO_COUNT", "rows of an aggregate as count tells them", FLOW),
    Entry("sort", "flow", "SORT", "order rows by properties", FLOW),
    Entry("limit", "flow", "LIMIT", "keep a number of rows, from an offset if wanted", FLOW),
    Entry("head", "flow", "HEAD", "keep the first rows", FLOW),
    Entry("tail", "flow", "TAIL", "keep the last rows", FLOW),
    Entry("predecessors", "navigation", "PREDECESSORS", "what is one step above the resources so far", FLOW, aliases=("predecessor",)),
    Entry("successors", "navigation", "SUCCESSORS", "what is one step below the resources so far", FLOW, aliases=("successor",)),
    Entry("ancestors", "navigation", "ANCESTORS", "everything above the resources so far", FLOW, aliases=("ancestor",)),
    Entry("descendants", "navigation", "DESCENDANTS", "everything below the resources so far", FLOW, aliases=("descendant",)),
    Entry("uniq", "flow", "UNIQ", "drop rows that came before", FLOW),
    Entry("flatten", "flow", "FLATTEN", "one row for each element of a list", FLOW),
    Entry("chunk", "flow", "CHUNK", "gather rows into lists of a given size", FLOW),
    Entry("history", "history", "HISTORY", "what changed in the graph, newest first"),
    Entry("diff", "diff", "DIFF", "what appeared, vanished and changed between two moments"),
    Entry("sql", "sql", "SQL", "rows of a SELECT over one view for each kind"),
    Entry("kinds", "kinds", "KINDS", "kinds of resources, or one kind with its properties", aliases=("kind",)),
    Entry("templates", "templates", "TEMPLATES", "searches with parameters, kept by name", aliases=("template",)),
    Entry("list", "listing", "LIST", "rows as a table of chosen columns", FLOW, "format", ("lists",)),
    Entry("format", "format", "FORMAT", "rows as text, JSON, YAML or the source of a picture", FLOW, "format"),
    Entry("dump", "format", "DUMP", "rows as whole documents to read", FLOW, "format"),
    Entry("tree", "tree", "TREE", "rows as a tree, by where they live", FLOW, "format"),
    Entry("jq", "jq", "JQ", "rows through a filter of jq", FLOW, "format"),
    Entry("detect-secrets", "secrets", "DETECT_SECRETS", "rows with what looks like a secret in them", FLOW, "format"),
    Entry("write", "write", "WRITE", "write the lines to a file", FLOW, "format"),
    Entry(
        "workflows",
        "workflows",
        "WORKFLOWS",
        "list, write, run, follow, stop and look back at workflows",
        SOURCE,
        "workflows",
        ("workflow",),
    ),
    Entry("jobs", "jobs", "JOBS", "command lines that run on schedules and events", SOURCE, "workflows", ("job",)),
    Entry("collect", "collect", "COLLECT", "collect now, and what was collected, scope by scope", SOURCE, "workflows"),
    Entry("calls", "calls", "CALLS", "the calls of a run to its clouds, how they went and what they cost", SOURCE, "workflows"),
    Entry("refresh", "refresh", "REFRESH", "read resources again from their cloud", FLOW, "workflows"),
    Entry("events", "events", "EVENTS", "what happened, and what happens now", SOURCE, "workflows"),
    Entry("tag", "tag", "TAG", "change tags of resources in their cloud", FLOW, "workflows", ("tags",)),
    Entry("http", "http", "HTTP", "send each row to an address", FLOW, "telling"),
    Entry("https", "http", "HTTPS", "send each row to an address, encrypted", FLOW, "telling"),
    Entry("notify", "notify", "NOTIFY", "tell people, and whom to tell", BOTH, "telling"),
    Entry("slack", "channels", "SLACK", "tell a channel of Slack", BOTH, "telling"),
    Entry("discord", "channels", "DISCORD", "tell a channel of Discord", BOTH, "telling"),
    Entry("pagerduty", "channels", "PAGERDUTY", "make an alert in PagerDuty", BOTH, "telling"),
    Entry("alertmanager", "channels", "ALERTMANAGER", "make an alert in a Prometheus Alertmanager", BOTH, "telling"),
    Entry("jira", "channels", "JIRA", "make an issue in Jira", BOTH, "telling"),
    Entry("clean", "marks", "CLEAN", "mark resources for the next clean-up", FLOW, "cleanup"),
    Entry("unclean", "marks", "UNCLEAN", "take the clean-up mark off", FLOW, "cleanup"),
    Entry("protect", "marks", "PROTECT", "keep resources from every clean-up", FLOW, "cleanup"),
    Entry("unprotect", "marks", "UNPROTECT", "take the protection off", FLOW, "cleanup"),
    Entry("set_desired", "sections", "SET_DESIRED", "note at resources how they should be", FLOW, "cleanup"),
    Entry("set_metadata", "sections", "SET_METADATA", "note something at resources", FLOW, "cleanup"),
    Entry("cleanup", "cleanup", "CLEANUP", "what would be deleted, in which order, and what was", SOURCE, "cleanup"),
    Entry("why", "why", "WHY", "why a resource is marked, protected or held back, and what would miss it", BOTH, "cleanup"),
    Entry("metrics", "metrics", "METRICS", "metrics, their values and pictures of them", SOURCE, "metrics", ("metric",)),
    Entry("alerts", "alerts", "ALERTS", "conditions on metrics, and whom they tell", SOURCE, "metrics", ("alert",)),
    Entry("timeseries", "timeseries", "TIMESERIES", "numbers over time, kept and read", SOURCE, "metrics", ("ts",)),
    Entry("config", "config", "CONFIG", "settings with their values and sources", SOURCE, "setup", ("configs",)),
    Entry("aws", "aws", "AWS", "any operation of AWS's API, the accounts that are collected, and what AWS must allow", BOTH, "setup"),
    Entry("doctor", "doctor", "DOCTOR", "whether everything is well, and what to do where it is not", SOURCE, "setup"),
    Entry("graph", "graph", "GRAPH", "copies of the graph beside it, and its way to other machines", SOURCE, "setup", ("graphs",)),
    Entry("certificate", "certificate", "CERTIFICATE", "certificates signed by resh's own authority", SOURCE, "setup", ("certificates",)),
    Entry("system", "system", "SYSTEM", "what resh runs on, and backups of all that it keeps", SOURCE, "setup"),
    Entry("plugins", "plugins", "PLUGINS", "packages that add something to resh", SOURCE, "setup"),
    Entry("commands", "commands", "COMMANDS", "commands of your own, made of templates", SOURCE, "setup"),
    Entry("user", "user", "USER", "who may log in over SSH, with which keys and role", SOURCE, "setup", ("users",)),
    Entry("who", "people", "WHO", "who is here", SOURCE, "setup"),
    Entry("wall", "people", "WALL", "say something to everybody, above their prompts", SOURCE, "setup"),
    Entry("shell", "program", "SHELL", "give what the pipeline tells to a program", FLOW, "terminal", ("!",)),
    Entry("copy", "copy", "COPY", "put what the pipeline tells on the clipboard", FLOW, "terminal"),
    Entry("watch", "watch", "WATCH", "run a line again and again, and show what changes", SOURCE, "terminal"),
    Entry("alias", "alias", "ALIAS", "short names for longer lines", SOURCE, "terminal", ("aliases",)),
    Entry("recall", "recall", "RECALL", "lines that you typed before", SOURCE, "terminal"),
    Entry("edit", "edit_line", "EDIT", "write a line in your editor", SOURCE, "terminal"),
    Entry("timing", "timing", "TIMING_COMMAND", "whether it is told how long commands take", SOURCE, "terminal"),
    Entry("record", "recording", "RECORD", "keep what the terminal shows, to play it again", SOURCE, "terminal"),
    Entry("background", "background", "BACKGROUND", "commands that were started with &", SOURCE, "misc"),
    Entry("exports", "exports", "EXPORTS", "files that you wrote over SSH", SOURCE, "misc", ("export",)),
    Entry("json", "source", "JSON", "rows from JSON text", SOURCE, "misc"),
    Entry("echo", "source", "ECHO", "the text itself", SOURCE, "misc"),
    Entry("env", "source", "ENV", "variables of this session", SOURCE, "misc"),
    Entry("sleep", "source", "SLEEP", "wait", SOURCE, "misc"),
    Entry("welcome", "welcome", "WELCOME", "what is here, and how to begin", SOURCE, "misc"),
    Entry("totd", "welcome", "TOTD", "the tip of the day", SOURCE, "misc"),
    Entry("help", "help", "HELP", "commands, or one command in full", SOURCE, "misc", ("man",)),
    Entry("exit", "help", "EXIT", "leave the shell", SOURCE, "misc", ("quit",)),
)

TABLE: dict[str, Entry] = {entry.name: entry for entry in _ENTRIES}
NAMES: dict[str, Entry] = {**{alias: entry for entry in _ENTRIES for alias in entry.aliases}, **TABLE}


def find(name: str) -> Entry:
    """The entry of a name or alias. Raises UnknownCommand with the nearest names."""
    entry = NAMES.get(name)
    if entry is None:
        raise UnknownCommand(f"there is no command '{name}'", did_you_mean(name, NAMES) or "help lists them all")
    return entry


def load(entry: Entry) -> Command:
    return cast(Command, getattr(import_module(f"resh.commands.{entry.module}"), entry.attribute))
