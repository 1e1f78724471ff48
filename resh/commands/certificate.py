"""`certificate`: keys with certificates that resh's own authority signs, for what serves and for what asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from resh.authority import Authority
from resh.clock import iso
from resh.commands.base import SOURCE, Command, Context, Option, Role, Rows
from resh.errors import Denied, ReshError, UsageError
from resh.whole_file import replacing


def run_create(
    context: Context, rows: Rows, common_name: str, dns_names: tuple[str, ...], ip_addresses: tuple[str, ...], days_valid: int,
    folder: str, force: bool,
) -> Rows:  # fmt: skip
    if not context.local:
        raise Denied("certificates are made only in a local session", "do it on the machine that resh runs on")
    if not common_name:
        raise UsageError("certificate create: --common-name is missing", "the name of who will have it, such as resh.example.org")
    dns, addresses = _parts(dns_names), _parts(ip_addresses)
    signed = _authority(context).sign(common_name, dns, addresses, days_valid)
    stem = Path(folder).expanduser() / re.sub(r"[^\w.@-]", "_", common_name).lstrip(".")
    files = {Path(f"{stem}.key"): signed.key, Path(f"{stem}.crt"): signed.chain}
    if not force and (there := [path for path in files if path.exists()]):
        raise UsageError(f"there is a file {there[0]} already", "take another folder, or --force to replace it")
    try:
        for path, content in files.items():
            with replacing(path) as file:
                file.write(content)
    except OSError as error:
        raise ReshError(f"{stem}: {error.strerror}", "write into a folder that is yours") from None
    key, certificate = map(str, files)
    yield {
        "common_name": common_name, "dns_names": list(dns), "ip_addresses": list(addresses), "ends": iso(signed.ends),
        "key": key, "certificate": certificate, "fingerprint": signed.fingerprint,
    }  # fmt: skip


def run_authority(context: Context, rows: Rows) -> Iterator[str]:
    yield from _authority(context).certificate.decode().splitlines()


def _authority(context: Context) -> Authority:
    return Authority(context.app.home / "tls", context.app.clock.now())


def _parts(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, whether they were given one by one or with commas."""
    return tuple(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))


CERTIFICATE = Command(
    "certificate",
    None,
    "certificates signed by resh's own authority",
    SOURCE,
    help="The authority is made when it is first needed; its key is in tls/ of the state folder, and stays there. What trusts its "
    "certificate (certificate authority) trusts those that it signed: that of metrics.certificate, for example.",
    subcommands=(
        Command(
            "create",
            run_create,
            "a new key with its certificate, in two files",
            role=Role.admin,
            options=(
                Option("common-name", str, "", "whom it is for", complete="free"),
                Option("dns-names", str, (), "names of hosts, separated by commas; repeatable", many=True, complete="free"),
                Option("ip-addresses", str, (), "addresses, separated by commas; repeatable", many=True, complete="free"),
                Option("days-valid", int, 365, "how long it is good"),
                Option("folder", str, ".", "where the files come", complete="file"),
                Option("force", help="replace files that are there"),
            ),
            help="<common-name>.key has the key, which only you may read, <common-name>.crt the certificate with that of the authority. "
            "It is good for servers and for clients. Works in local sessions only.",
            examples=(
                (
                    "certificate create --common-name resh.example.org --dns-names resh.example.org,localhost --ip-addresses 127.0.0.1",
                    "for a server",
                ),
            ),
        ),
        Command(
            "authority",
            run_authority,
            "the certificate of the authority, for others to trust",
            role=Role.admin,
            examples=(("certificate authority | write resh-ca.crt", "for the machines that ask"),),
        ),
    ),
)
