"""All clean-up rules, in the order in which they run. A new rule is one file and one line here, with its settings in
`resh/cleanup_settings.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from resh.cleanup.rules.aws_alarms import AwsAlarms
from resh.cleanup.rules.aws_load_balancers import AwsLoadBalancers
from resh.cleanup.rules.aws_vpcs import AwsVpcs
from resh.cleanup.rules.base import Rule
from resh.cleanup.rules.empty_log_groups import EmptyLogGroups
from resh.cleanup.rules.expired import Expired
from resh.cleanup.rules.idle_instances import IdleInstances
from resh.cleanup.rules.old_snapshots import OldSnapshots
from resh.cleanup.rules.orphaned_images import OrphanedImages
from resh.cleanup.rules.own import Own
from resh.cleanup.rules.plugged import Plugged, PluginRule
from resh.cleanup.rules.protector import Protector
from resh.cleanup.rules.tag_validator import TagValidator
from resh.cleanup.rules.unattached_network_interfaces import UnattachedNetworkInterfaces
from resh.cleanup.rules.untagged import Untagged
from resh.cleanup.rules.unused_elastic_ips import UnusedElasticIps
from resh.cleanup.rules.unused_security_groups import UnusedSecurityGroups
from resh.cleanup.rules.volumes import Volumes
from resh.errors import BadValue
from resh.own_rules import parse
from resh.settings import Settings

_FIRST: tuple[Rule, ...] = (Protector(), TagValidator())
_MARKING: tuple[Rule, ...] = (
    Expired(),
    Untagged(),
    Volumes(),
    AwsLoadBalancers(),
    AwsAlarms(),
    OldSnapshots(),
    UnusedElasticIps(),
    UnusedSecurityGroups(),
    IdleInstances(),
    EmptyLogGroups(),
    UnattachedNetworkInterfaces(),
    OrphanedImages(),
)
_LAST: tuple[Rule, ...] = (AwsVpcs(),)
RULES = _FIRST + _MARKING + _LAST
"""Those that come with resh."""


def all_rules(settings: Settings, plugged: Iterable[PluginRule] = ()) -> tuple[Rule, ...]:
    """Ours, those of plugins, and those that the user wrote. Raises BadValue where one of these has the name of another."""
    own = tuple(Own(written) for written in parse(settings.get("cleanup.own_rules")))
    brought = tuple(map(Plugged, plugged))
    others = {rule.name: "comes with resh" for rule in RULES} | {rule.name: "is a plugin's" for rule in brought}
    if taken := next((rule.name for rule in own if rule.name in others), ""):
        raise BadValue(f"cleanup.own_rules: '{taken}' {others[taken]}", "give the rule another name")
    return (*_FIRST, *_MARKING, *brought, *own, *_LAST)
