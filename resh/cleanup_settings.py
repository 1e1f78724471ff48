"""The settings of clean-up: what may be deleted at all, how much at once, and what its rules look for. Part of `resh/settings.py`.

Each rule has the same few settings under `cleanup.rules.<rule>`, and those of its own beside them.
"""

from __future__ import annotations

from resh.setting_values import Setting

GUARDS = (
    Setting("cleanup.enabled", "flag", False, "whether the cleanup step may do anything at all"),
    Setting("cleanup.dry_run", "flag", True, "whether the cleanup step only says what it would delete"),
    Setting("cleanup.concurrency", "number", 8, "deletions at the same time within one generation"),
    Setting("cleanup.api_concurrency", "number", 4, "those of them that go to the same API of the same account"),
    Setting("cleanup.wait", "duration", "20m", "how long the cloud may take to delete a resource, or to complete its last snapshot"),
    Setting("cleanup.snapshot_before_delete", "flag", False, "whether a last snapshot is kept of whatever holds data and can have one"),
    Setting("cleanup.empty_buckets", "flag", False, "whether buckets that are not empty are emptied, old versions too, and deleted"),
    Setting(
        "cleanup.accounts",
        "list",
        [],
        "accounts in which something may be deleted, by id or name, patterns allowed; empty: in none, *: in all",
    ),
    Setting("cleanup.deny_accounts", "list", [], "accounts in which nothing is ever deleted, by id or name, patterns allowed"),
    Setting(
        "cleanup.production", "list", ["*prod*"], "names of accounts that are in production: there is nothing deleted, patterns allowed"
    ),
    Setting("cleanup.min_age", "duration", "1h", "what is younger is not deleted, whatever marked it"),
    Setting("cleanup.max_graph_age", "duration", "2h", "what was read from its cloud longer ago is not deleted"),
    Setting("cleanup.protected_names", "list", [], "names and ids of resources that are never deleted, patterns allowed"),
    Setting("cleanup.protected_tags", "list", [], "tags of resources that are never deleted: a key, or key=value, patterns allowed"),
    Setting("cleanup.protected_search", "text", "", "a search: what it finds is never deleted"),
    Setting("cleanup.protect_self", "flag", True, "whether whatever resh itself runs with is protected"),
    Setting("cleanup.max_deletions", "number", 100, "a plan with more deletions is not carried out; 0: no limit"),
    Setting("cleanup.max_percent", "number", 20, "nor one with more percent of an account's resources; 100: no limit"),
    Setting("cleanup.max_kind_percent", "number", 50, "nor one with more percent of an account's resources of one kind; 100: no limit"),
    Setting("cleanup.max_monthly_cost", "number", 0, "nor one that deletes what costs more USD a month; 0: no limit"),
    Setting("cleanup.hours", "hours", "", "when something may be deleted, such as mon-fri 09:00-17:00; empty: at any time"),
    Setting("cleanup.timezone", "zone", "UTC", "time zone of cleanup.hours, such as Europe/Berlin"),
    Setting(
        "cleanup.quarantine", "duration", "0s", "how long what is deleted is out of service before (stopped, detached, denied); 0s: not"
    ),
    Setting("cleanup.terraform_states", "list", [], "files with states of Terraform, patterns allowed: their resources are Terraform's"),
    Setting("cleanup.terraform", "choice", "refuse", "what becomes of marked resources that are Terraform's", ("refuse", "warn", "ignore")),
    Setting("cleanup.warn_before", "duration", "1d", "how long before the end of a grace period people are warned; 0s: never"),
    Setting("cleanup.warn_target", "text", "", "target of notify that hears of grace periods and their ends; empty: events tell alone"),
    Setting("cleanup.mark_tag", "text", "resh:clean", "tag that tells in the cloud of a mark with a grace period; empty: none"),
    Setting("cleanup.approvals", "number", 1, "how many people must stand for a plan before it is applied; above 1 only by cleanup apply"),
    Setting("cleanup.plan_expiry", "duration", "24h", "how long a plan may be applied"),
    Setting("cleanup.own_rules", "rules", [], "rules of your own: name, search, reason, and the settings of rules"),
)


def _rule(name: str, what: str, *own: Setting, min_age: str = "7d", kinds: tuple[str, ...] = ()) -> tuple[Setting, ...]:
    path = f"cleanup.rules.{name}"
    return (
        Setting(f"{path}.enabled", "flag", False, what),
        Setting(f"{path}.min_age", "duration", min_age, "how old it must be"),
        Setting(f"{path}.accounts", "list", [], "only in these accounts, by id or name, patterns allowed; empty: in all"),
        Setting(f"{path}.kinds", "list", list(kinds), "only these kinds, patterns allowed; empty: all that the rule looks at"),
        Setting(f"{path}.grace", "duration", "0s", "how long after the mark nothing is deleted yet"),
        Setting(f"{path}.cascade", "flag", False, "whether it also marks all that must be deleted before what it finds"),
        Setting(
            f"{path}.quarantine", "duration", "0s", "how long it is out of service before it is deleted; 0s: as cleanup.quarantine says"
        ),
        *own,
    )


_TAGGABLE = (
    "aws_ec2_instance", "aws_ec2_volume", "aws_vpc", "aws_cloudformation_stack", "aws_elb", "aws_alb", "aws_alb_target_group",
    "aws_eks_nodegroup", "aws_eks_cluster", "aws_autoscaling_group", "aws_rds_instance",
)  # fmt: skip

RULES = (
    *_rule("expired", "mark what is past its expires time (tag expiration or resh:expires)", min_age="0s"),
    *_rule(
        "untagged",
        "mark what lacks one of the tags that everything must have",
        Setting("cleanup.rules.untagged.tags", "list", ["owner", "expiration"], "keys of tags that must all be there"),
        Setting("cleanup.rules.untagged.ages", "durations", [], "min_age of single accounts, such as 123456789012=1d"),
        min_age="2h",
        kinds=_TAGGABLE,
    ),
    *_rule("volumes", "mark volumes that nothing has used for a while", min_age="14d"),
    *_rule("aws_load_balancers", "mark load balancers, and their target groups, that send to nothing"),
    *_rule("aws_alarms", "mark alarms of instances that are gone"),
    *_rule("aws_vpcs", "with a VPC that is marked, mark what is in it", min_age="0s"),
    *_rule(
        "tag_validator",
        "mark what has a tag expiration that is no duration, or a longer one than allowed",
        Setting("cleanup.rules.tag_validator.maximum", "duration", "24h", "the longest expiration that is allowed"),
        Setting("cleanup.rules.tag_validator.maxima", "durations", [], "of single accounts, such as 123456789012=7d"),
        min_age="0s",
        kinds=_TAGGABLE,
    ),
    *_rule(
        "protector",
        "protect resources that are listed, before any rule marks",
        Setting("cleanup.rules.protector.ids", "list", [], "their ids, or account/region/kind/id; patterns allowed"),
        min_age="0s",
    ),
    *_rule(
        "old_snapshots",
        "mark old snapshots that no image and no template uses, but the newest of each volume",
        Setting("cleanup.rules.old_snapshots.keep", "number", 1, "how many of each volume are kept, the newest"),
        min_age="90d",
    ),
    *_rule("unused_elastic_ips", "mark elastic addresses that belong to nothing", min_age="3d"),
    *_rule("unused_security_groups", "mark security groups that nothing uses or names", min_age="14d"),
    *_rule(
        "idle_instances",
        "mark running instances that did next to nothing, by the usage of their processors",
        Setting("cleanup.rules.idle_instances.percent", "number", 2, "the most of the processors that an idle instance uses at any time"),
        min_age="14d",
    ),
    *_rule("empty_log_groups", "mark log groups in which nothing is stored", min_age="30d"),
    *_rule("unattached_network_interfaces", "mark network interfaces that are attached to nothing", min_age="3d"),
    *_rule("orphaned_images", "mark images that no instance and no template uses", min_age="180d"),
)  # fmt: skip

CLEANUP = (*GUARDS, *RULES)
