"""Inspector: where it is on, and what it scans; not what it finds. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Resource

NOT_ON = ("NotEnabled", "ResourceNotFoundException")

ACCOUNT = Resource(
    kind="aws_inspector2_account",
    description="Inspector in one region, and which sorts of resources it scans there; it costs by what it scans.",
    call=Call("inspector2", "batch_get_account_status", "accounts", {"accountIds": ["{account}"]}, absent=NOT_ON),
    keep="state.status != 'DISABLED'",
    id="accountId",
    tags="",
    read={"accountIds": ["{account}"]},
    gone=NOT_ON,
    ended="state.status == 'DISABLED' || state.status == 'DISABLING'",
    delete=Action("disable", {"accountIds": ["{account}"]}),
)

RESOURCES = (ACCOUNT,)
