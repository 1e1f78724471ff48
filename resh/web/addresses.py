"""Which addresses requests may go to: names are resolved once, every address is looked at, and the connection goes to one of these.

    Addresses(("169.254.10.0/24",)).of("example.org", 443, seconds=5)        ["93.184.215.14", …]

Link-local addresses, and those where clouds hand out credentials to whoever asks from the machine, are refused: a line that somebody else
wrote must not read the machine's own. That goes for names that lead there, and for every way of writing such an address.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from resh.errors import AddressRefused, SendFailed

Resolve = Callable[[str, int], Sequence[Any]]

REFUSED = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",  # link-local; the metadata of AWS, Azure, GCP, DigitalOcean, OpenStack, and of ECS's tasks
            "fe80::/10",  # link-local
            "fd00:ec2::/32",  # AWS
            "fd20:ce::254/128",  # GCP
            "100.100.100.200/32",  # Alibaba Cloud
            "192.0.0.192/32",  # Oracle Cloud
            "168.63.129.16/32",  # Azure's wire server
        ),
    )
)
_NAT64 = ip_network("64:ff9b::/96")


class Addresses:
    """`allowed` are networks or addresses that may be reached all the same."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self._allowed = [ip_network(text, strict=False) for text in allowed]
        self._resolve = resolve or _resolve

    def of(self, host: str, port: int, seconds: float) -> list[str]:
        """The addresses of a host, in the order in which to try them. Raises AddressRefused if any of them is refused, else SendFailed."""
        found = list(dict.fromkeys(str(answer[4][0]) for answer in self._resolved(host, port, seconds)))
        for address in found:
            if self._refused(address):
                where = address if address == host else f"{host} is {address}, which"
                raise AddressRefused(
                    f"{where} is an address of this machine's network or of its metadata",
                    "an admin may allow it: config set http.allow <network>",
                )
        return found

    def _refused(self, address: str) -> bool:
        meant = list(_meanings(address))
        return any(_within(ip, REFUSED) for ip in meant) and not all(_within(ip, self._allowed) for ip in meant if _within(ip, REFUSED))

    def _resolved(self, host: str, port: int, seconds: float) -> Sequence[Any]:
        """Nobody can interrupt the system's resolver: it runs in a thread that is left alone when it takes too long."""
        answers: list[Sequence[Any] | OSError | UnicodeError] = []

        def ask() -> None:
            try:
                answers.append(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.append(error)

        thread = threading.Thread(target=ask, name="resolve", daemon=True)
        thread.start()
        thread.join(seconds)
        if not answers:
            raise SendFailed(f"{host}: its name was not resolved in time", again=True)
        if isinstance(answers[0], UnicodeError):
            raise SendFailed(f"{host}: is no name of a host")
        if isinstance(answers[0], OSError):
            raise SendFailed(f"{host}: {answers[0].strerror or 'its name is not known'}", again=True)
        return answers[0]


def _resolve(host: str, port: int) -> Sequence[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _meanings(address: str) -> Iterator[IPv4Address | IPv6Address]:
    """The address, and those that it leads to: addresses of version 4 hide in several sorts of version 6."""
    ip = ip_address(address)
    yield ip
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            yield ip.ipv4_mapped
        if ip.sixtofour:
            yield ip.sixtofour
        if ip in _NAT64 or int(ip) < 2**32:
            yield IPv4Address(int(ip) & 0xFFFFFFFF)


def _within(ip: IPv4Address | IPv6Address, networks: Iterable[Any]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)
