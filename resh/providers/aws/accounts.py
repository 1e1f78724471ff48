"""Which accounts are to be collected, and the way into each: by the settings, the credentials at hand and the organization.

    found = Directory(clients, settings).look()
    found.accounts                # {"123456789012": Account("aws", "123456789012", "shop", "arn:…:role/inventory production")}

Profiles are asked side by side who they are. Roles are not assumed here: three hundred accounts would be three hundred calls before the
first could be collected. `enter` does it, when the account's turn comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from resh.errors import NotConfigured, ProviderError
from resh.model.scope import Status
from resh.providers.aws.clients import Client, Clients
from resh.providers.aws.credentials import described, parts, role_handle, sign_in
from resh.providers.aws.errors import failure
from resh.providers.aws.partitions import HOME, home_of
from resh.providers.aws.read_only import matches
from resh.providers.aws.told import CLOUD, skew, told
from resh.providers.base import Account
from resh.providers.counting import carried
from resh.providers.limiter import Place
from resh.providers.session import GLOBAL, ReadFailed
from resh.settings import Settings

_REFUSALS = (ClientError, BotoCoreError, ResponseParserError, ReadFailed)
_AT_ONCE = 16
_ID = re.compile(r"\d{12}")
_ARN = re.compile(r"arn:(aws[\w-]*):iam::(\d{12}):role/(.+)")
_OTHER_PARTITION = ("InvalidClientTokenId", "UnrecognizedClientException")
"""What one partition says of the keys of another."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose a profile's credentials are."""

    account: Account
    partition: str
    skew: float | None = None
    """Seconds that AWS's clock is ahead of ours."""

    @property
    def profile(self) -> str:
        return self.account.handle


@dataclass(slots=True)
class Found:
    accounts: dict[str, Account] = field(default_factory=dict)
    partitions: dict[str, str] = field(default_factory=dict)
    """By account."""
    problems: list[ProviderError] = field(default_factory=list)
    skew: float | None = None
    """Seconds that AWS's clock is ahead of ours."""

    def add(self, account: Account, partition: str) -> None:
        """The first way into an account stays."""
        if account.id not in self.accounts:
            self.accounts[account.id] = account
            self.partitions[account.id] = partition


class Directory:
    def __init__(self, clients: Clients, settings: Settings) -> None:
        self._clients, self._settings = clients, settings
        self._role = settings.text("aws.role")
        self._accounts = settings.list("aws.accounts")
        self._organization = settings.flag("aws.organization")
        self._is_arn = self._role.startswith("arn:")
        self._listed = "aws.accounts" if self._accounts else "aws.organization" if self._organization else ""

    def look(self) -> Found:
        """Raises NotConfigured when settings contradict each other; the first problem when there is no account at all."""
        self._check()
        found = Found()
        for identity in self._identities(found):
            found.skew = identity.skew
            for account in self._behind(identity, found):
                if not matches(account, self._settings.list("aws.exclude_accounts")):
                    found.add(account, identity.partition)
        if not found.accounts and found.problems:
            raise found.problems[0]
        if not found.accounts:
            raise NotConfigured("no account is left to collect", "look at aws.exclude_accounts and aws.current_account")
        return found

    def _check(self) -> None:
        listed = self._listed
        odd = next((id for id in self._accounts if not _ID.fullmatch(id)), None)
        if odd is not None:
            raise NotConfigured(f"aws.accounts: '{odd}' is no account id", "write twelve digits; in YAML in quotes, for the zeros in front")
        if listed and not self._role:
            raise NotConfigured(f"{listed} needs aws.role", "it names the role to assume in each account")
        if self._is_arn and not _ARN.fullmatch(self._role):
            raise NotConfigured(f"aws.role: '{self._role}' is no ARN of a role", "write arn:aws:iam::123456789012:role/name")
        if self._is_arn and listed:
            raise NotConfigured(
                f"aws.role is the role of one account, {listed} has several", f"write its name: {self._role.split('/', 1)[1]}"
            )
        if self._accounts and len(self._profiles()) > 1:
            raise NotConfigured("aws.accounts needs one profile that assumes the role", "leave one in aws.profiles")

    # -- the credentials at hand ------------------------------------------------------------------------------------------------

    def _identities(self, found: Found) -> list[Identity]:
        """Of each profile that can be used; of the others a problem."""
        profiles = self._profiles()
        with ThreadPoolExecutor(min(_AT_ONCE, len(profiles)), thread_name_prefix="accounts") as pool:
            answers = list(pool.map(carried(self._identity), profiles))
        found.problems += (answer for answer in answers if isinstance(answer, ProviderError))
        return [answer for answer in answers if isinstance(answer, Identity)]

    def _profiles(self) -> list[str]:
        """As configured, patterns resolved; empty is the default chain, or the static keys in its place."""
        wanted = self._settings.list("aws.profiles")
        keys = [""] if self._settings.text("aws.access_key_id") or not wanted else []
        if not any(_is_pattern(name) for name in wanted):
            return list(dict.fromkeys((*keys, *wanted)))
        known = botocore.session.Session(profile=None).available_profiles
        names = [name for pattern in wanted for name in (_fitting(pattern, known) if _is_pattern(pattern) else [pattern])]
        return list(dict.fromkeys((*keys, *names)))

    def _identity(self, profile: str) -> Identity | ProviderError:
        try:
            return identify(self._clients, profile, self._settings.list("aws.regions"))
        except ProviderError as error:
            return error

    # -- the accounts behind them -----------------------------------------------------------------------------------------------

    def _behind(self, identity: Identity, found: Found) -> Iterator[Account]:
        """The accounts that the role leads into, and the one of the credentials as `aws.current_account` wants it."""
        own, wish = identity.account, self._settings.text("aws.current_account")
        if not self._role:
            yield own
            return
        targets = self._targets(identity, found)
        for target in targets:
            if target.id != own.id or wish == "role" or not self._listed:
                yield self._by_role(target, identity)
            elif wish == "own":
                yield replace(own, name=target.name or own.name)
        if own.id in {target.id for target in targets}:
            return
        if wish == "own":
            yield own
        elif wish == "role" and not self._is_arn:
            yield self._by_role(own, identity)

    def _targets(self, identity: Identity, found: Found) -> list[Account]:
        if self._is_arn:
            return [Account(CLOUD, self._role.split(":")[4], "")]
        if not self._listed:
            return [identity.account]
        targets: list[Account] = []
        if self._organization:
            role = self._settings.text("aws.organization_role")
            lister = role_handle(role, identity.profile) if role else identity.profile
            try:
                targets = members(self._clients, lister, identity.partition)
            except ProviderError as error:
                found.problems.append(error)
        return [*targets, *(Account(CLOUD, id, "") for id in self._accounts)]

    def _by_role(self, account: Account, identity: Identity) -> Account:
        role = self._role if self._is_arn else f"arn:{identity.partition}:iam::{account.id}:role/{self._role.strip('/')}"
        return replace(account, handle=role_handle(role, identity.profile))


def identify(clients: Clients, profile: str, regions: Sequence[str] = ()) -> Identity:
    """Whose the credentials of a profile are. Raises NotConfigured and ProviderError, quickly."""
    try:
        return _identify(clients, profile, regions)
    except ReadFailed as refused:
        if refused.status is not Status.DENIED:
            raise _unreachable(refused) from None
    clients.forget(profile)  # another tool may have put new keys into AWS's files since these were read
    try:
        return _identify(clients, profile, regions)
    except ReadFailed as refused:
        raise _refused(refused, profile) from None


def members(clients: Clients, handle: str, partition: str) -> list[Account]:
    """The active accounts of the organization, with the names that they have there. Raises ProviderError."""
    try:
        listed = list(_listed(clients.client(handle, "organizations", home_of(partition))))
    except _REFUSALS as error:
        why = failure("organizations:ListAccounts", error)
        hint = "the organization's own account may list them, or one that it delegates to: aws.organization_role"
        raise ProviderError(f"the accounts of the organization cannot be listed: {why.message}", hint) from None
    return [Account(CLOUD, item["Id"], item.get("Name", "")) for item in listed if item.get("State", item.get("Status")) == "ACTIVE"]


def _listed(client: Client) -> Iterator[dict[str, Any]]:
    asked: dict[str, str] = {}
    while True:
        page = told(Place("", GLOBAL, "organizations", "organizations:ListAccounts"), partial(client.list_accounts, **asked))
        yield from page["Accounts"]
        if not page.get("NextToken"):
            return
        asked = {"NextToken": page["NextToken"]}


def enter(clients: Clients, account: Account, partition: str) -> Account:
    """Assume the account's role if it has one; the account with its name. Raises ProviderError when it is closed to us."""
    role, profile = parts(account.handle)
    if not role:
        return account
    try:
        if credentials := clients.session(account.handle).get_credentials():
            credentials.get_frozen_credentials()
    except _REFUSALS as error:
        why = failure("sts:AssumeRole", error)
        if why.status is not Status.DENIED:
            raise _unreachable(why) from None
        hint = f"the role must exist and trust {described(profile)}, which need sts:AssumeRole"
        raise ProviderError(f"AWS refuses {described(account.handle)}: {why.message}", hint) from None
    return account if account.name else replace(account, name=_name(clients, account.handle, partition, account.id))


def arns(clients: Clients, handles: Sequence[tuple[str, str]]) -> list[str]:
    """The roles of the handles, and who AWS takes their profiles for: one call for each profile; by (handle, partition)."""
    found = [role for handle, _ in handles if (role := parts(handle)[0])]
    for profile, partition in {parts(handle)[1]: partition for handle, partition in handles}.items():
        try:
            client = clients.client(profile, "sts", home_of(partition), hasty=True)
            found.append(str(told(Place("", client.meta.region_name, "sts", "sts:GetCallerIdentity"), client.get_caller_identity)["Arn"]))
        except _REFUSALS:
            continue
    return found


def _identify(clients: Clients, profile: str, regions: Sequence[str]) -> Identity:
    """Where no region is configured, keys of another partition are recognised by asking there, too."""
    configured = clients.session(profile).get_config_variable("region") or next(iter(regions), None)
    first: ReadFailed | None = None
    for region in (configured,) if configured else HOME.values():
        try:
            client = clients.client(profile, "sts", region, hasty=True)
            identity = told(Place("", client.meta.region_name, "sts", "sts:GetCallerIdentity"), client.get_caller_identity)
        except _REFUSALS as error:
            why = failure("sts:GetCallerIdentity", error)
            first = first or why
            if why.error not in _OTHER_PARTITION:
                break
            continue
        partition, id = identity["Arn"].split(":")[1], identity["Account"]
        return Identity(Account(CLOUD, id, _name(clients, profile, partition, id), profile), partition, skew(identity))
    assert first is not None
    raise first


def _name(clients: Clients, handle: str, partition: str, id: str) -> str:
    try:
        client = clients.client(handle, "iam", home_of(partition), hasty=True)
        aliases = told(Place(id, GLOBAL, "iam", "iam:ListAccountAliases"), client.list_account_aliases)
    except _REFUSALS:
        return ""  # a nicety that many roles may not ask for
    return next(iter(aliases["AccountAliases"]), id)


def _unreachable(why: ReadFailed) -> ProviderError:
    return ProviderError(f"AWS cannot be reached: {why.message}", "check the network, AWS_ENDPOINT_URL and the proxy")


def _refused(why: ReadFailed, profile: str) -> ProviderError:
    option = f" --profile {profile}" if profile else ""
    hint = sign_in(why.error, profile) or f"check them with 'aws sts get-caller-identity{option}'"
    return ProviderError(f"AWS refuses {described(profile)}: {why.message}", hint)


def _is_pattern(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def _fitting(pattern: str, known: Sequence[str]) -> list[str]:
    found = [name for name in known if fnmatchcase(name, pattern)]
    if not found:
        raise NotConfigured(f"no profile fits '{pattern}'", "'aws configure list-profiles' lists them")
    return found
