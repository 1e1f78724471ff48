"""How resh gets into an account: with a profile, with static keys, or with a role that one of these assumes.

    handle = role_handle("arn:aws:iam::123456789012:role/inventory", "production")
    session = Credentials(settings, assume_role).session(handle)

A handle is what `Account.handle` holds: the name of a profile (empty: the keys of the settings, else AWS's default chain), or a role with
the profile that assumes it. No call is made here: a role is assumed when its credentials are first needed, and again before they expire.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import botocore.session
from botocore.credentials import Credentials as StaticKeys
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import InvalidConfigError, PartialCredentialsError, ProfileNotFound

from resh import __version__
from resh.errors import NotConfigured
from resh.providers.aws.errors import failure, mask
from resh.providers.aws.partitions import home_of, partition_of
from resh.providers.session import ReadFailed
from resh.settings import Settings

HINT = "run 'aws configure', or set AWS_PROFILE or AWS_ACCESS_KEY_ID"
_SSO = re.compile(r"SSO|^(?:Unauthorized)?Token\w*Error$")
"""botocore's exceptions about it."""

_REFUSED_FOR = 30.0  # seconds in which a role that was refused is not asked for again: hundreds of calls may need it

AssumeRole = Callable[[str, str, Mapping[str, str]], Mapping[str, Any]]
"""(profile, region, request) to the answer of sts:AssumeRole."""


def role_handle(role: str, profile: str) -> str:
    return f"{role} {profile}"


def parts(handle: str) -> tuple[str, str]:
    """(ARN of the role or empty, profile). An ARN has no blanks, so the first one ends it."""
    role, blank, profile = handle.partition(" ")
    return (role, profile) if blank and role.startswith("arn:") else ("", handle)


def described(handle: str) -> str:
    role, profile = parts(handle)
    way = f"profile '{profile}'" if profile else "these credentials"
    return f"role {role} for {way}" if role else way


def sign_in(error: str, profile: str) -> str:
    """What to do about a session of single sign-on that has ended; empty when the error is another one."""
    option = f" --profile {profile}" if profile else ""
    return f"'aws sso login{option}' starts a new session" if _SSO.search(error) else ""


class Credentials:
    def __init__(self, settings: Settings, assume_role: AssumeRole) -> None:
        self._settings = settings
        self._assume_role = assume_role

    def session(self, handle: str) -> botocore.session.Session:
        """Raises NotConfigured when the profile or its credentials do not exist."""
        role, profile = parts(handle)
        session = self._bare(profile)
        if role:
            session.register_component("credential_provider", _Given(self._assumed(role, profile, session)))
        elif not profile and (keys := self._static()):
            session.register_component("credential_provider", _Given(keys))
        else:
            _never_prompt(session, profile)
        _check(session, profile)
        return session

    def _bare(self, profile: str) -> botocore.session.Session:
        session = botocore.session.Session(profile=profile or None)
        session.user_agent_name, session.user_agent_version = "resh", __version__
        session.set_config_variable("metadata_service_timeout", 1)
        session.set_config_variable("metadata_service_num_attempts", 1)
        return session

    def _static(self) -> StaticKeys | None:
        key, secret, token = (self._settings.text(f"aws.{name}") for name in ("access_key_id", "secret_access_key", "session_token"))
        if not (key or secret):
            return None
        if not (key and secret):
            missing = "aws.access_key_id" if secret else "aws.secret_access_key"
            raise NotConfigured(f"static credentials are not complete: {missing} is empty", "give both, such as in the environment")
        return StaticKeys(key, secret, token or None, "settings")

    def _assumed(self, role: str, profile: str, session: botocore.session.Session) -> DeferredRefreshableCredentials:
        region = _region(session, role.split(":")[1])
        refresh = _Refresh(lambda: self._assume_role(profile, region, self._request(role)))
        return DeferredRefreshableCredentials(refresh, "assume-role")

    def _request(self, role: str) -> dict[str, str]:
        external = self._settings.text("aws.external_id")
        name = self._settings.text("aws.role_session_name")
        return {"RoleArn": role, "RoleSessionName": name, **({"ExternalId": external} if external else {})}


class _Refresh:
    """What botocore asks for fresh credentials; it does so under a lock, so that calls which wait for them ask once.

    A refusal is remembered for a while: hundreds of calls may need the credentials, and each would hear the same.
    """

    def __init__(self, ask: Callable[[], Mapping[str, Any]], now: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._now = ask, now
        self._refused: tuple[float, ReadFailed] | None = None

    def __call__(self) -> dict[str, str]:
        if self._refused and self._now() < self._refused[0]:
            raise self._refused[1]
        try:
            answer = self._ask()["Credentials"]
        except Exception as error:
            refusal = failure("sts:AssumeRole", error)
            self._refused = self._now() + _REFUSED_FOR, refusal
            raise refusal from None
        return {
            "access_key": answer["AccessKeyId"],
            "secret_key": answer["SecretAccessKey"],
            "token": answer["SessionToken"],
            "expiry_time": answer["Expiration"].isoformat(),
        }


class _Given:
    """In the place of botocore's chain of credential providers."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        return self._credentials


def _region(session: botocore.session.Session, partition: str) -> str:
    """Where to ask for a role of that partition."""
    region = str(session.get_config_variable("region") or "")
    return region if region and partition_of(region) == partition else home_of(partition)


def _never_prompt(session: botocore.session.Session, profile: str) -> None:
    """botocore would ask for an MFA code at the terminal, in the middle of a collect that nobody watches."""

    def refuse(_: str) -> str:
        name = profile or session.profile or "default"
        raise NotConfigured(f"profile '{name}' asks for an MFA code", "use a profile without mfa_serial, or 'aws sts get-session-token'")

    with suppress(ProfileNotFound):  # told by whoever looks for its credentials
        session.get_component("credential_provider").get_provider("assume-role")._prompter = refuse


def _check(session: botocore.session.Session, profile: str) -> None:
    try:
        credentials = session.get_credentials()
    except ProfileNotFound:
        name = profile or session.profile
        raise NotConfigured(f"there is no profile '{name}'", "'aws configure list-profiles' lists them") from None
    except (PartialCredentialsError, InvalidConfigError) as error:
        raise NotConfigured(mask(str(error)), HINT) from None
    except NotConfigured:
        raise
    except Exception as error:  # a credential_process is a program of people's own, and botocore trusts what it prints
        hint = sign_in(type(error).__name__, profile) or HINT
        raise NotConfigured(f"{described(profile)} cannot be used: {mask(str(error))}", hint) from None
    if credentials is None:
        raise NotConfigured("no credentials found", HINT)
