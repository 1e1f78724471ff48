"""The settings of AWS: which accounts and regions are collected, how resh gets in, what of them, how fast. Part of `resh/settings.py`."""

from __future__ import annotations

from resh.setting_values import Setting

AWS = (
    Setting("aws.regions", "list", [], "regions to collect; empty means every region that is enabled for the account"),
    Setting(
        "aws.profiles",
        "list",
        [],
        "profiles of the AWS configuration to collect, shell patterns allowed (* is all of them); empty means the default credential chain",
    ),
    Setting("aws.access_key_id", "text", "", "static credentials in place of the default chain", secret=True),
    Setting("aws.secret_access_key", "text", "", "the secret of the static credentials", secret=True),
    Setting("aws.session_token", "text", "", "the token of the static credentials, where they are temporary", secret=True),
    Setting(
        "aws.role", "text", "", "name of a role to assume in every account of aws.accounts or the organization, or the ARN of one role"
    ),
    Setting("aws.accounts", "list", [], "ids of accounts to collect with aws.role"),
    Setting("aws.organization", "flag", False, "whether to collect every active account of the organization with aws.role"),
    Setting(
        "aws.organization_role", "text", "", "ARN of the role that may list the organization's accounts, when these credentials may not"
    ),
    Setting("aws.exclude_accounts", "list", [], "accounts to leave out, by id or name, shell patterns allowed"),
    Setting(
        "aws.current_account",
        "choice",
        "own",
        "with aws.role: collect the account of the credentials with these, with the role, or not",
        ("own", "role", "no"),
    ),
    Setting("aws.external_id", "text", "", "external id that the role asks for"),
    Setting("aws.role_session_name", "text", "resh", "how sessions of the role are called in CloudTrail"),
    Setting("aws.read_only", "flag", False, "whether to refuse every call that would change something in AWS, whichever command makes it"),
    Setting("aws.read_only_accounts", "list", [], "accounts in which to refuse such calls, by id or name, shell patterns allowed"),
    Setting("aws.collect", "list", [], "kinds to collect, shell patterns allowed; empty means all"),
    Setting("aws.no_collect", "list", [], "kinds to leave out, shell patterns allowed"),
    Setting(
        "aws.derived_kinds",
        "flag",
        False,
        "also collect what no catalog describes: every listing of AWS's API that asks for nothing, as kinds that are aws_derived",
    ),
    Setting(
        "aws.instance_types", "choice", "all", "which instance types to keep: all that a region offers, or those in use", ("all", "used")
    ),
    Setting(
        "aws.kinds.cap",
        "numbers",
        [],
        "kinds of which only the newest are collected, such as aws_ecs_task_definition=500; patterns allowed",
    ),
    Setting("aws.kinds.every", "durations", [], "kinds that are read less often, such as aws_ec2_snapshot=6h; patterns allowed"),
    Setting(
        "aws.prices.source",
        "choice",
        "package",
        "where prices come from: the package of resh[prices], AWS's Pricing API before that, or nowhere",
        ("package", "api", "none"),
    ),
    Setting("aws.prices.every", "duration", "7d", "how often the Pricing API is asked for a region's prices, once for all accounts"),
    Setting(
        "aws.usage",
        "flag",
        False,
        "ask CloudWatch how much is used of instances, volumes, databases and load balancers, for 0.01 USD per 1,000 metrics",
    ),
    Setting("aws.usage_kinds", "list", [], "kinds to ask about with aws.usage instead of those, shell patterns allowed"),
    Setting("aws.concurrency", "number", 16, "calls in flight, all accounts together"),
    Setting("aws.service_concurrency", "number", 8, "calls in flight for one service in one region of an account; 0: no limit"),
    Setting("aws.limits", "limits", [], "limits of calls by account, region, service or operation: where, rate, burst, concurrency"),
    Setting("aws.connect_timeout", "duration", "5s", "how long to wait for a connection to an endpoint"),
    Setting("aws.read_timeout", "duration", "60s", "how long to wait for an answer"),
    Setting("aws.retries", "number", 5, "attempts for a call that is throttled or fails on the way"),
)
