"""Networks of the search language as an SQL function: `resh_in_subnet("10.0.0.0/8 fd00::/8", value)`, NULL for NULL.

A value is an address, or a network that has to lie within one of those asked for; anything else lies in none. The search compiler calls
`networks`, so that a bad network is told before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resh.errors import BadValue

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network = IPv4Network | IPv6Network


def networks(text: str) -> list[Network]:
    """The networks of a text with spaces between them. Raises BadValue for what is none."""
    from ipaddress import ip_network

    found: list[Network] = []
    for network in text.split():
        try:
            found.append(ip_network(network, strict=False))
        except ValueError:
            raise BadValue(f"'{network}' is not a network", "write it like 10.0.0.0/8 or fd00::/8") from None
    return found


def subnet_function() -> Callable[..., int | None]:
    """The function for one connection; it reads each list of networks once."""
    known: dict[str, list[Network]] = {}

    def within(wanted: Any, value: Any) -> int | None:
        if value is None:
            return None
        from ipaddress import ip_address, ip_network

        if wanted not in known:
            known[wanted] = networks(wanted)
        try:
            if "/" not in value:
                address = ip_address(value)
                return int(any(address in network for network in known[wanted]))
            found = ip_network(value, strict=False)
        except (ValueError, TypeError):
            return 0
        return int(any(found.version == network.version and found.subnet_of(network) for network in known[wanted]))  # type: ignore[arg-type]

    return within
