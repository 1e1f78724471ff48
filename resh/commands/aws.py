"""`aws`: the accounts that are collected, and what AWS must allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.commands.aws_call import run as run_call
from resh.commands.base import BOTH, Argument, Command, Context, Option, Role, Rows
from resh.commands.counted import counted
from resh.errors import UsageError

if TYPE_CHECKING:
    from resh.providers.aws.operations import Besides
    from resh.providers.aws.permissions import Permissions, Policy, Right


def run_accounts(context: Context, rows: Rows) -> Rows:
    from resh.providers.aws.credentials import described
    from resh.providers.aws.read_only import refusal

    provider = context.app.providers["aws"]
    with counted(context, "aws") as counting, counting:
        accounts = provider.accounts()
    for account in accounts:
        context.cancel.check()
        yield {
            "id": account.id,
            "name": account.name,
            "way_in": described(account.handle),
            "changes": refusal(context.app.settings, account) or "allowed",
        }
    for problem in provider.problems:
        context.sink.note(f"{problem.message} ({problem.hint})" if problem.hint else problem.message)
        context.status = 3


def run_permissions(context: Context, rows: Rows, tags: bool, cleanup: bool, entry: bool, missing: bool, split: bool) -> Rows:
    from resh.providers.aws.permissions import policy

    if (missing or entry) and (tags or cleanup or (missing and entry)):
        raise UsageError("aws permissions: --missing and --entry print policies of their own", "ask for one at a time")
    permissions = _permissions(context)
    if entry:
        return _written(context, policy(Enter=_entry(context, permissions)), split)
    if missing:
        return _written(context, _missing(context, permissions), split)
    purposes = {"Collect": permissions.collect()}
    if tags:
        purposes["Tags"] = permissions.tags()
    if cleanup:
        purposes["Cleanup"] = permissions.cleanup(_besides(context))
    return _written(context, policy(**purposes), split)


def _besides(context: Context) -> Besides:
    from resh.providers.aws.operations import Besides

    settings = context.app.settings
    isolate = any(setting.path.endswith(".quarantine") and settings.seconds(setting.path) > 0 for setting in settings)
    return Besides(settings.flag("cleanup.snapshot_before_delete"), settings.flag("cleanup.empty_buckets"), isolate)


def _permissions(context: Context) -> Permissions:
    from resh.providers.aws.catalogs import catalog, chosen
    from resh.providers.aws.metrics import wanted
    from resh.providers.aws.partitions import partition_of
    from resh.providers.aws.permissions import Permissions
    from resh.providers.collector import Options

    settings = context.app.settings
    regions, role = settings.list("aws.regions"), settings.text("aws.role")
    partition = role.split(":")[1] if role.startswith("arn:") else partition_of(regions[0] if regions else "")
    options = Options(tuple(settings.list("aws.collect")), tuple(settings.list("aws.no_collect")))
    return Permissions(
        catalog(*chosen(settings)),
        options,
        partition,
        any(options.wants(metric.kind) for metric in wanted(settings)),
    )


def _entry(context: Context, permissions: Permissions) -> set[Right]:
    settings = context.app.settings
    role = settings.text("aws.role")
    if not role:
        raise UsageError("aws permissions: --entry is about credentials that assume a role", "set aws.role first")
    lister = settings.text("aws.organization_role") if settings.flag("aws.organization") else ""
    rights = permissions.entering(*filter(None, (role, lister)))
    if settings.flag("aws.organization") and not lister:
        rights |= permissions.rights(("organizations", "list_accounts"))
    return rights


def _missing(context: Context, permissions: Permissions) -> Policy | None:
    from resh.providers.aws.missing import missing
    from resh.providers.aws.permissions import policy

    found = missing(permissions, (report for report, _ in context.app.graph.scopes() if report.scope.cloud == "aws"))
    accounts = len({report.scope.account for report in found.opened})
    if found.opened:
        context.sink.note(f"this would open {_counted(len(found.opened), 'denied scope')} in {_counted(accounts, 'account')}")
    for report in found.closed[:3]:
        context.sink.note(f"no policy of the role opens this one: {report}")
    if len(found.closed) > 3:
        context.sink.note(f"nor {len(found.closed) - 3} more: collect status --bad")
    if not found.opened and not found.closed:
        context.sink.note("the last collect was denied nothing")
    return policy(Missing=found.rights) if found.rights else None


def _written(context: Context, document: Policy | None, split: bool) -> Rows:
    import json

    from resh.providers.aws.permissions import MOST_CHARACTERS, size
    from resh.providers.aws.permissions import split as parts

    if document is None:
        return
    if split:
        yield from (json.dumps(part, separators=(",", ":")) for part in parts(document))
        return
    if size(document) > MOST_CHARACTERS:
        context.sink.note(
            f"a managed policy may have {MOST_CHARACTERS:,} characters, this one has {size(document):,}: --split makes several"
        )
    yield from json.dumps(document, indent=2).splitlines()


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


AWS = Command(
    "aws",
    run_call,
    "any operation of AWS's API, the accounts that are collected, and what AWS must allow",
    BOTH,
    Role.admin,
    arguments=(Argument("request", help="a service, an operation and its options, as for the AWS CLI", complete="aws", raw=True),),
    help="Behind resources, it runs once for each of them, several at a time, in the resource's account and region; {id}, {name} or any "
    "other path in braces is filled from the resource. At the start of a line it runs once, in the account and region that --account and "
    "--region name. All pages are read; the elements of a list come as rows, --query chooses others. At the prompt, an operation that "
    "changes something is confirmed first; where aws.read_only or aws.read_only_accounts forbid changes, it is refused.",
    examples=(
        ("aws sts get-caller-identity", "whose credentials these are"),
        (
            "search is(volume) and tags.owner = ada | aws ec2 describe-volumes-modifications --volume-ids {id} | list VolumeId, TargetSize",
            "once for each volume",
        ),
        (
            "search is(instance) and tags.expiration != null | aws ec2 stop-instances --instance-ids {id}",
            "stop them; the prompt asks first",
        ),
    ),
    subcommands=(
        Command(
            "accounts",
            run_accounts,
            "the accounts that the settings lead to, and the way into each",
            role=Role.operator,
            help="Credentials are asked whose they are, and the organization for its accounts. Roles are assumed only when an account is "
            "collected.",
            examples=(("aws accounts", "what the next collect would go through"),),
        ),
        Command(
            "permissions",
            run_permissions,
            "the smallest IAM policy for what is configured, as JSON",
            options=(
                Option("tags", help="also what tag changes need"),
                Option("cleanup", help="also what clean-up needs"),
                Option("entry", help="only what the credentials need that assume aws.role"),
                Option("missing", help="only what the last collect was denied"),
                Option("split", help="documents that are each small enough for a managed policy, one a line"),
            ),
            help="It is made from the catalog: the operations of every kind that aws.collect and aws.no_collect leave. "
            "With --missing, scopes that were denied are turned into the policy that would open them: the actions that were refused, "
            "and those of their further calls that the account was allowed nowhere else.",
            examples=(
                ("aws permissions --split | count", "how many managed policies it takes"),
                ("aws permissions --missing", "what would open the scopes that were denied"),
            ),
        ),
    ),
)
