"""Secrets stay where they are; what is stored says where that is.

resolve("env:SLACK_WEBHOOK", environ)       the variable of the process
resolve("file:/run/secrets/jira", environ)  the file, without the end of its last line
resolve("keyring:resh/jira", environ)       the password that the system's keyring has of `jira` for the service `resh`
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from resh.errors import ReshError, UsageError

SOURCES = ("env", "file", "keyring")
HOW = "write env:VARIABLE, file:/path or keyring:service/name"
_LARGEST = 64 * 1024


def is_reference(text: str) -> bool:
    return text.partition(":")[0] in SOURCES and ":" in text


def check(field: str, text: str, other: str = "") -> None:
    """Raises UsageError for what refers to nothing, without saying it: it may be the secret. `other` is a further way to give it."""
    source, _, rest = text.partition(":")
    if source not in SOURCES or not rest:
        raise UsageError(f"{field} is a secret, which is never stored: say where it is", f"{HOW}{other}")
    if source == "file" and not Path(rest).expanduser().is_absolute():
        raise UsageError(f"{field}: the path of the file is not whole", "write it like file:/run/secrets/jira")
    if source == "keyring" and not all(rest.partition("/")):
        raise UsageError(f"{field}: a keyring is asked for a service and a name", "write it like keyring:resh/jira")


def resolve(reference: str, environ: Mapping[str, str]) -> str:
    """Raises ReshError that names the reference: there is nothing, or nothing that can be read."""
    source, _, rest = reference.partition(":")
    found = {"env": lambda: environ.get(rest, ""), "file": lambda: _read(rest), "keyring": lambda: _asked(rest)}[source]()
    if not found:
        raise ReshError(f"{reference} holds no secret", "set it where resh is started" if source == "env" else "put it there")
    return found


def _read(path: str) -> str:
    try:
        with Path(path).expanduser().open("rb") as file:
            return file.read(_LARGEST).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise ReshError(f"file:{path}: {why}", "it must be a text that resh may read") from None


def _asked(rest: str) -> str:
    service, _, name = rest.partition("/")
    try:
        keyring = import_module("keyring")
    except ImportError:
        raise ReshError(f"keyring:{rest} needs the package keyring", "install resh[keyring], or keep the secret in a file") from None
    try:
        return keyring.get_password(service, name) or ""
    except Exception as error:  # whatever the backend of the system raises
        raise ReshError(f"keyring:{rest}: {type(error).__name__}", "the keyring must be open to the user of resh") from None
