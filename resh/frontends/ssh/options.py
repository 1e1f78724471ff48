"""What the SSH protocol may be here: algorithms and what is refused. Everything that asyncssh would allow by default is decided here."""

from __future__ import annotations

from resh.frontends.ssh import sntrup

CLASSIC = ["curve25519-sha256", "curve25519-sha256@libssh.org"]
"""Whoever records a conversation over one of these could read it with a large enough quantum computer; ssh-audit warns of that."""


def key_exchanges(setting: str) -> list[str]:
    """By the setting ssh.key_exchange. OpenSSH knows the first from 9.9 on, sntrup761 from 8.5 on."""
    return ["mlkem768x25519-sha256", *sntrup.register(), *(CLASSIC if setting == "compatible" else ())]


OPTIONS: dict[str, object] = {
    "server_version": "resh",
    "line_editor": False,
    "encoding": "utf-8",
    "errors": "replace",
    "agent_forwarding": False,
    "x11_forwarding": False,
    "allow_scp": False,
    "compression_algs": None,
    "host_based_auth": False,
    "password_auth": False,
    "kbdint_auth": False,
    "gss_host": None,
    "login_timeout": 20,
    "keepalive_interval": 30,
    "keepalive_count_max": 3,
    "send_server_host_keys": True,
    "encryption_algs": ["aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com"],
    "mac_algs": ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
    "signature_algs": ["ssh-ed25519", "sk-ssh-ed25519@openssh.com", "rsa-sha2-512", "rsa-sha2-256"],
}
