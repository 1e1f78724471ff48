from __future__ import annotations

import threading
from typing import Any

import pytest

from resh.errors import AddressRefused, SendFailed
from resh.web.addresses import Addresses


def resolving(*addresses: str) -> Any:
    return lambda host, port: [(0, 0, 0, "", (address, port)) for address in addresses]


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.170.2",
        "fe80::1",
        "fe80::1%1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "100.100.100.200",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
    ],
)
def test_the_local_link_and_metadata_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match=r"some\.name") as caught:
        Addresses(resolve=resolving(address)).of("some.name", 80, 5)
    assert "http.allow" in caught.value.hint


@pytest.mark.parametrize("text", ["169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.43518"])
def test_however_it_is_written(text: str) -> None:
    with pytest.raises(AddressRefused):
        Addresses().of(text, 80, 5)


def test_one_refused_address_is_enough() -> None:
    with pytest.raises(AddressRefused):
        Addresses(resolve=resolving("93.184.215.14", "169.254.169.254")).of("two.faces", 80, 5)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "93.184.215.14", "169.253.1.1", "fc00::1"])
def test_others_are_not(address: str) -> None:
    assert Addresses(resolve=resolving(address, address)).of("some.name", 443, 5) == [address]


@pytest.mark.parametrize("address", ["169.254.10.7", "::ffff:169.254.10.7"])
def test_what_is_allowed_may_be_reached(address: str) -> None:
    allowed = Addresses(["169.254.10.0/24"], resolving(address))
    assert allowed.of("appliance", 80, 5) == [address]
    with pytest.raises(AddressRefused):
        Addresses(["169.254.11.0/24"], resolving(address)).of("appliance", 80, 5)


def test_a_resolver_that_does_not_answer_holds_nobody() -> None:
    release = threading.Event()
    with pytest.raises(SendFailed, match="not resolved in time"):
        Addresses(resolve=lambda host, port: [release.wait()]).of("slow.name", 80, 0.01)
    release.set()


def test_a_name_that_nobody_knows_is_named() -> None:
    with pytest.raises(SendFailed, match=r"no\.such\.name\.invalid") as caught:
        Addresses().of("no.such.name.invalid", 80, 5)
    assert caught.value.again
