"""The key exchange of OpenSSH 8.5 to 9.8 that resists quantum computers, where liboqs or pqcrypto brings Streamlined NTRU Prime.

    register()                          # [] or its two names, for asyncssh's `kex_algs`

asyncssh has the exchange, and looks for liboqs alone; with pqcrypto (`resh[sntrup]`) it gets the primitive from there. The server only ever
encapsulates: the key pair is the client's.
"""

from __future__ import annotations

from hashlib import sha512
from typing import Any, cast

NAMES = ["sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com"]


def register() -> list[str]:
    from asyncssh.kex import get_kex_algs, register_kex_alg

    if NAMES[0].encode() in get_kex_algs():
        return NAMES
    try:
        from pqcrypto.kem import sntrup_761 as primitive
    except ImportError:
        return []
    from asyncssh.crypto import Curve25519DH
    from asyncssh.kex_dh import _KexHybridECDH

    def encapsulation(name: bytes) -> Encapsulation:
        return Encapsulation(primitive)

    for name in NAMES:
        register_kex_alg(name.encode(), _KexHybridECDH, sha512, (cast(Any, encapsulation), b"sntrup761", Curve25519DH), False)
    return NAMES


class Encapsulation:
    """As asyncssh wants it: ValueError for a key that is none."""

    def __init__(self, primitive: Any) -> None:
        self._primitive = primitive
        self.pubkey_bytes: int = primitive.PUBLIC_KEY_SIZE

    def encaps(self, peer_public: bytes) -> tuple[bytes, bytes]:
        """The secret, and what tells it to the peer."""
        if len(peer_public) != self.pubkey_bytes:
            raise ValueError(f"a key has {self.pubkey_bytes} bytes, not {len(peer_public)}")
        ciphertext, secret = self._primitive.encaps(peer_public)
        return bytes(secret), bytes(ciphertext)
