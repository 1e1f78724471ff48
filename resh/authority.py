"""resh's own certificate authority: it signs certificates for what resh and its neighbours serve. Who trusts it trusts them.

    authority = Authority(home / "tls", clock.now())
    signed = authority.sign("resh.example.org", ("resh.example.org",), ("10.0.0.7",), days=365)
    signed.key, signed.chain                     # PEM; the chain has the authority's own certificate behind
    authority.certificate                        # PEM, to be trusted

The key of the authority is made at first use and never leaves its folder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from resh.errors import BadValue, StateError
from resh.lock import FileLock
from resh.record import Record
from resh.whole_file import replacing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

_NAME, _YEARS = "resh certificate authority", 10
_SKEW = timedelta(minutes=5)
"""Clocks of others may be behind."""
_LONGEST = 64  # letters of a common name, by RFC 5280
_DNS = re.compile(r"(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


class Signed(Record):
    """PEM, both; `ends` is epoch seconds."""

    key: bytes
    chain: bytes
    fingerprint: str
    ends: float


class Authority:
    def __init__(self, folder: Path, now: float) -> None:
        """Raises StateError where its files cannot be read or written, or do not fit each other."""
        self._key_file, self._file = folder / "ca.key", folder / "ca.crt"
        self._now = datetime.fromtimestamp(now, UTC)
        try:
            with FileLock(folder / "ca.lock"):
                if not self._file.exists():
                    self._make()
                self._key, self._own = self._read()
        except OSError as error:
            raise StateError(f"{folder}: {error.strerror}", "the state folder must be yours and writable") from None

    @property
    def certificate(self) -> bytes:
        return _pem(self._own)

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self._own)

    @property
    def ends(self) -> float:
        return self._own.not_valid_after_utc.timestamp()

    def sign(self, name: str, dns: Sequence[str], addresses: Sequence[str], days: int) -> Signed:
        """A new key with its certificate, good for servers and clients. Raises BadValue for what may not stand in one."""
        from cryptography import x509
        from cryptography.x509.oid import ExtendedKeyUsageOID as Use

        if not 0 < len(name) <= _LONGEST or not name.isprintable():
            raise BadValue(f"'{name}' is no common name", f"1 to {_LONGEST} letters")
        names = [*(x509.DNSName(_dns(one)) for one in dns), *(x509.IPAddress(_address(one)) for one in addresses)]
        ends = self._now + timedelta(days=self._checked(days))
        key = _new_key()
        builder = self._begun(name, key, ends).issuer_name(self._own.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([Use.SERVER_AUTH, Use.CLIENT_AUTH]), critical=False)
        builder = builder.add_extension(_usage(signs=False), critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        made = _signed(builder, self._key)
        return Signed(_private(key), _pem(made) + self.certificate, _fingerprint(made), ends.timestamp())

    def _checked(self, days: int) -> int:
        if days < 1:
            raise BadValue(f"{days} days are none", "write how long it is good, such as 365")
        left = (self._own.not_valid_after_utc - self._now).days
        if days > left:
            hint = "write fewer, or move ca.key and ca.crt away: then there is a new authority, to be trusted anew"
            raise BadValue(f"the authority itself is good for {max(left, 0)} days more, not {days}", hint)
        return days

    def _begun(self, name: str, key: EllipticCurvePrivateKey, ends: datetime) -> CertificateBuilder:
        from cryptography import x509

        builder = (
            x509.CertificateBuilder().subject_name(_named(name)).public_key(key.public_key()).serial_number(x509.random_serial_number())
        )
        builder = builder.not_valid_before(self._now - _SKEW).not_valid_after(ends)
        return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)

    def _make(self) -> None:
        from cryptography import x509

        key = _new_key()
        builder = self._begun(_NAME, key, self._now + timedelta(days=365 * _YEARS)).issuer_name(_named(_NAME))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = _signed(builder.add_extension(_usage(signs=True), critical=True), key)
        for path, content in ((self._key_file, _private(key)), (self._file, _pem(made))):
            with replacing(path) as file:
                file.write(content)

    def _read(self) -> tuple[EllipticCurvePrivateKey, Certificate]:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key, own = load_pem_private_key(self._key_file.read_bytes(), None), x509.load_pem_x509_certificate(self._file.read_bytes())
        except (ValueError, TypeError) as error:
            raise self._damaged(str(error).splitlines()[0] if str(error) else "it is no PEM") from None
        if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != own.public_key():
            raise self._damaged("the key is not that of the certificate")
        return key, own

    def _damaged(self, why: str) -> StateError:
        return StateError(f"{self._file}: {why}", "move ca.key and ca.crt away: then there is a new authority, to be trusted anew")


def _dns(name: str) -> str:
    try:
        ascii = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        ascii = ""
    if not _DNS.fullmatch(ascii) or re.fullmatch(r"[\d.]+", ascii):
        raise BadValue(f"'{name}' is no name of a host", "write it like resh.example.org or *.example.org; addresses are of --ip-addresses")
    return ascii.lower()


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise BadValue(f"'{text}' is no address", "write it like 10.0.0.7 or 2001:db8::7") from None


def _new_key() -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    return generate_private_key(SECP256R1())


def _usage(signs: bool) -> KeyUsage:
    from cryptography.x509 import KeyUsage

    return KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> Name:
    from cryptography.x509 import Name, NameAttribute
    from cryptography.x509.oid import NameOID

    return Name([NameAttribute(NameOID.COMMON_NAME, name)])


def _signed(builder: CertificateBuilder, key: EllipticCurvePrivateKey) -> Certificate:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import AuthorityKeyIdentifier

    issuer = AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return builder.add_extension(issuer, critical=False).sign(key, SHA256())


def _private(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _pem(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex(":").upper()
