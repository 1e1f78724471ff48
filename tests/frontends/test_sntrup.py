from __future__ import annotations

import pytest

from resh.frontends.ssh import sntrup
from resh.frontends.ssh.options import key_exchanges

primitive = pytest.importorskip("pqcrypto.kem").sntrup_761


def test_both_ends_have_the_same_secret() -> None:
    public, private = primitive.keygen()
    secret, ciphertext = sntrup.Encapsulation(primitive).encaps(bytes(public))
    assert bytes(primitive.decaps(private, ciphertext)) == secret
    assert (len(secret), len(ciphertext)) == (32, 1039)


@pytest.mark.parametrize("length", [0, 1157, 1159, 1184])
def test_a_key_of_another_length_is_none(length: int) -> None:
    with pytest.raises(ValueError, match=f"not {length}"):
        sntrup.Encapsulation(primitive).encaps(b"x" * length)


def test_it_stands_behind_what_newer_clients_have() -> None:
    assert key_exchanges("post-quantum") == ["mlkem768x25519-sha256", *sntrup.NAMES]
    assert key_exchanges("compatible")[3:] == ["curve25519-sha256", "curve25519-sha256@libssh.org"]
    assert sntrup.register() == sntrup.register()
