"""The page of a resource in the AWS console: the catalog's own address for its kind, else the console's look-up by ARN.

    console("ec2/home?region={region}#VolumeDetails:volumeId={id}", facts)
    # https://console.aws.amazon.com/ec2/home?region=eu-west-1#VolumeDetails:volumeId=vol-1

Every value is percent-encoded, so that none can be more than a part of the address; `{name:twice}` is encoded as CloudWatch does it behind
the #. AWS documents the hosts (https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html), not the addresses of its pages.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from resh.providers.aws.partitions import partition_of
from resh.providers.base import Facts

HOSTS = {
    "aws": "https://console.aws.amazon.com/",
    "aws-us-gov": "https://console.amazonaws-us-gov.com/",
    "aws-cn": "https://console.amazonaws.cn/",
}
BY_ARN = "go/view?arn={arn}"
_SLOT = re.compile(r"\{(\w+)(:twice)?\}")


def console(template: str, facts: Facts) -> str:
    """Empty when the template asks for what is not known, or nobody knows the partition's console."""
    known = facts._asdict()
    host = HOSTS.get(_partition(facts))
    if not host or not all(known[name] for name, _ in _SLOT.findall(template)):
        return ""
    return host + _SLOT.sub(lambda slot: _encoded(str(known[slot[1]]), bool(slot[2])), template)


def _partition(facts: Facts) -> str:
    scheme, _, rest = facts.arn.partition(":")
    if scheme == "arn":
        return rest.partition(":")[0]
    return partition_of(facts.region)


def _encoded(text: str, twice: bool) -> str:
    once = quote(text, safe="", errors="replace")
    return quote(once, safe="").replace("%", "$") if twice else once
