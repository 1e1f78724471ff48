"""`collect`: collect now, how complete the graph is, and what waits for confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from resh.clock import iso
from resh.commands import follow as following
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.part import part
from resh.errors import ReshError, UsageError
from resh.model.scope import ScopeReport, Status
from resh.text import did_you_mean

_GROUPS = ("status", "cloud", "account", "region", "kind", "service", "operation", "code")


def run_run(
    context: Context, rows: Rows, account: str | None, region: str | None, kind: str | None, wait: bool, follow: bool
) -> Iterator[str]:
    selection = part(context, account, region, kind)
    if follow or wait or not context.interactive:
        yield from following.follow(context, "collect", quiet=not follow, selection=selection)
        return
    handle = context.app.runner.start("collect", by=context.user, selection=selection)
    yield f"collect {handle.id} started{f': {selection}' if selection else ''}"


def run_status(context: Context, rows: Rows, bad: bool, by: str | None) -> Rows:
    reports = context.app.graph.scopes(bad_only=bad)
    names = _groups(by)
    return _grouped(context, reports, names) if names else (_row(report, read_at) for report, read_at in reports)


def run_confirm(context: Context, rows: Rows, scope: str) -> Rows:
    held = [report.scope for report, _ in context.app.graph.scopes(bad_only=True) if report.status is Status.HELD]
    chosen = [one for one in held if fnmatchcase(str(one), scope)]
    if not chosen:
        names = [str(one) for one in held]
        raise ReshError(
            f"no scope that fits '{scope}' is held", did_you_mean(scope, names) or (f"held: {', '.join(names[:3])}" if names else "none is")
        )
    for one, gone in context.app.graph.confirm(chosen, by=context.user).items():
        yield {"scope": str(one), "deleted": gone}


def _row(report: ScopeReport, read_at: float) -> Row:
    scope = report.scope
    return {
        "scope": str(scope),
        "status": str(report.status),
        "account": scope.account,
        "region": scope.region,
        "kind": scope.kind,
        "service": _service(report),
        "count": report.count,
        "read_at": iso(read_at) if read_at else None,
        "operation": report.operation,
        "code": report.code,
        "message": report.message,
    }


def _service(report: ScopeReport) -> str:
    return report.operation.partition(":")[0]


def _groups(by: str | None) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in (by or "").split(","))))
    for name in names:
        if name not in _GROUPS:
            raise UsageError(f"collect status: scopes have no '{name}'", did_you_mean(name, _GROUPS) or f"one of {', '.join(_GROUPS)}")
    return names


def _grouped(context: Context, reports: list[tuple[ScopeReport, float]], names: tuple[str, ...]) -> Rows:
    """How many scopes and resources, the oldest reading, and one of the messages; the largest group first."""
    groups: dict[tuple[str, ...], list[tuple[ScopeReport, float]]] = {}
    for report, read_at in reports:
        context.cancel.check()
        groups.setdefault(tuple(_value(report, name) for name in names), []).append((report, read_at))
    for key, found in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        oldest = min((read_at for _, read_at in found if read_at), default=0.0)
        yield {
            **dict(zip(names, key, strict=True)),
            "scopes": len(found),
            "resources": sum(report.count for report, _ in found),
            "read_at": iso(oldest) if oldest else None,
            "message": next((report.message for report, _ in found if report.message), ""),
        }


def _value(report: ScopeReport, name: str) -> str:
    if name == "service":
        return _service(report)
    return str(getattr(report.scope if name in report.scope._fields else report, name))


COLLECT = Command(
    "collect",
    None,
    "collect now, and what was collected, scope by scope",
    SOURCE,
    help="A scope is one kind in one region of one account. Only a scope that was read completely may lose resources.",
    subcommands=(
        Command(
            "run",
            run_run,
            "collect all, or some accounts, regions or kinds, now",
            role=Role.operator,
            options=(
                Option("account", str, None, "ids or names, separated by commas; patterns allowed", complete="account"),
                Option("region", str, None, "regions; global for what lives in none", complete="region"),
                Option("kind", str, None, "kinds; a base kind stands for all below it", complete="kind"),
                Option("wait", help="until it ends"),
                Option("follow", help="until it ends, and print what happens"),
            ),
            help="It runs the workflow collect, with its events and its record. What is not asked for stays as it is. Kinds that are read "
            "at intervals are read now. Exit status as of workflows run; in a script it always waits.",
            examples=(
                ("collect run --region eu-west-1 --kind volume,aws_vpc --follow", "volumes and networks of one region"),
                ("collect run --account demo", "one account"),
            ),
        ),
        Command(
            "status",
            run_status,
            "how reading each scope ended, and when it was last read completely",
            options=(
                Option("bad", help="only scopes that answers can not rely on"),
                Option("by", str, None, f"count scopes in groups: {', '.join(_GROUPS)}, several with commas", "group of scopes"),
            ),
            help="ok: read. denied, throttled, failed: not read, the resources stay, stale. skipped: the region has no such service, it "
            "was not due, or is collected no more. held: so much is missing that it waits for a second collect, or collect confirm.",
            examples=(
                ("collect status --bad", "what was denied or failed, in the cloud's own words"),
                ("collect status --by status,service", "a summary"),
            ),
        ),
        Command(
            "confirm",
            run_confirm,
            "let go what is missing in scopes that are held",
            role=Role.operator,
            arguments=(
                Argument("scope", help="a scope, such as aws/123456789012/eu-west-1/aws_ec2_volume; patterns allowed", complete="held"),
            ),
            help="More resources than collect.hold.share and collect.hold.number allow vanished at once. They stay, stale, and no clean-up "
            "touches anything by them, until a second collect misses them too or somebody confirms here.",
            examples=(("collect confirm aws/123456789012/*/aws_ec2_volume", "they were deleted on purpose"),),
        ),
    ),
)
