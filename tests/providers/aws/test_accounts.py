"""Which accounts are collected, and how resh gets into them, on a moto server: it gives each account resources of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import boto3
import pytest

from resh.cancel import Cancel
from resh.errors import NotConfigured, ProviderError
from resh.model.scope import Status
from resh.providers.aws.accounts import members as list_members
from resh.providers.aws.partitions import partition_of
from resh.providers.aws.provider import AwsProvider
from resh.providers.base import Account
from resh.providers.counting import Counting
from resh.settings import Settings
from resh.state.calls import CallCounts
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy, body, error
from tests.providers.provider_fakes import Listener, Recorder

HUB, SHOP, BANK = "123456789012", "222222222222", "333333333333"
ROLE = f"arn:aws:iam::{SHOP}:role/inventory"
KEYS = "aws_access_key_id = AKIA{0}\naws_secret_access_key = none\n"


@pytest.fixture
def hub(credentials: pytest.MonkeyPatch, proxy: FaultProxy, settings: Settings) -> AwsProvider:
    """A provider of its own for each test, in an account that may assume roles."""
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    settings.set("aws.collect", "aws_ec2_volume", "option")
    return AwsProvider(settings)


def configure(settings: Settings, **values: Any) -> None:
    for name, value in values.items():
        settings.set(f"aws.{name}", value, "option")


def collect(provider: AwsProvider, account: Account) -> Recorder:
    sink = Recorder()
    provider.collect(provider.enter(account), sink, Listener(), Cancel())
    return sink


def ec2_of_the_shop(aws: World) -> Any:
    keys = aws.client("sts", "us-east-1").assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
    return boto3.client(
        "ec2",
        "eu-west-1",
        endpoint_url=aws.url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def asked(proxy: FaultProxy, operation: str) -> int:
    return sum(times for (name, _), times in proxy.asked.items() if name == operation)


def identity(partition: str) -> bytes:
    arn = f"arn:{partition}:iam::{SHOP}:user/ada"
    inner = f"<GetCallerIdentityResult><Arn>{arn}</Arn><UserId>A</UserId><Account>{SHOP}</Account></GetCallerIdentityResult>"
    return f"<GetCallerIdentityResponse>{inner}</GetCallerIdentityResponse>".encode()


# -- a role in a list of accounts ---------------------------------------------------------------------------------------------------


def test_calls_that_find_and_enter_accounts_are_told(hub: AwsProvider, proxy: FaultProxy, settings: Settings, tmp_path: Path) -> None:
    configure(settings, role="inventory", accounts=SHOP)
    counts, counting = CallCounts(tmp_path / "calls"), Counting("accounts")
    with counting:
        accounts = {account.id: account for account in hub.accounts()}
        hub.enter(accounts[SHOP])
        hub.enter(accounts[SHOP])
    proxy.fault("GetCallerIdentity", error(403, "AccessDenied", "no"), times=2)
    with counting, pytest.raises(ProviderError):
        hub.accounts()
    counting.keep(counts, "01a7")
    told = {(one.account, count.region, count.operation): count for one in counts.of("01a7") for count in one.counts}
    assert {key: count.calls for key, count in told.items()} == {
        ("", "eu-west-1", "sts:GetCallerIdentity"): 3,
        (HUB, "global", "iam:ListAccountAliases"): 1,
        (SHOP, "us-east-1", "sts:AssumeRole"): 1,
        (SHOP, "global", "iam:ListAccountAliases"): 2,
    }
    assert told["", "eu-west-1", "sts:GetCallerIdentity"].errors == {"AccessDenied": 2}
    assert all(count.seconds > 0 and count.bytes > 0 and not count.unsized for count in told.values())


def test_a_role_in_each_account_of_a_list(hub: AwsProvider, proxy: FaultProxy, settings: Settings, aws: World) -> None:
    configure(settings, role="inventory", accounts=f"{SHOP},{BANK}", external_id="x-4711", role_session_name="nightly")
    accounts = {account.id: account for account in hub.accounts()}
    assert set(accounts) == {HUB, SHOP, BANK}
    assert asked(proxy, "AssumeRole") == 0
    volume = ec2_of_the_shop(aws).create_volume(AvailabilityZone="eu-west-1a", Size=3)["VolumeId"]
    assert collect(hub, accounts[SHOP]).ids("aws_ec2_volume") == [volume]
    assert volume not in collect(hub, accounts[HUB]).ids("aws_ec2_volume")
    (request,) = [text for operation, text in proxy.texts if operation == "AssumeRole"]
    assert all(part in request for part in (f"%3A{SHOP}%3Arole%2Finventory", "ExternalId=x-4711", "RoleSessionName=nightly"))


def test_three_hundred_accounts_cost_no_call_each(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, role="inventory", accounts=[f"{number:012}" for number in range(300)])
    assert len(hub.accounts()) == 301
    assert sum(proxy.asked.values()) == 2


def test_a_role_that_is_refused_is_the_trouble_of_its_account(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, role="inventory", accounts=f"{SHOP},{BANK}")
    proxy.fault("AssumeRole", error(403, "AccessDenied", "ada is not authorized to perform: sts:AssumeRole"), says=SHOP)
    accounts = {account.id: account for account in hub.accounts()}
    with pytest.raises(ProviderError, match=f"AWS refuses role {ROLE}.* for these credentials: ada is not authorized") as refused:
        hub.enter(accounts[SHOP])
    assert "must exist and trust" in refused.value.hint
    assert hub.enter(accounts[BANK]).name == BANK


def test_credentials_of_a_role_are_refreshed_in_the_middle_of_a_collect(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, role=ROLE, current_account="no")
    (account,) = hub.accounts()
    proxy.fault("AssumeRole", body(assumed("ASIAFIRST0000000FIRST", minutes=5)), times=1)
    proxy.fault("AssumeRole", body(assumed("ASIASECOND000000SECOND", minutes=60)))
    assert collect(hub, account).bad() == {}
    assert asked(proxy, "AssumeRole") == 2
    assert {"ASIAFIRST0000000FIRST", "ASIASECOND000000SECOND"} & proxy.keys == {"ASIASECOND000000SECOND"}


def test_credentials_that_cannot_be_refreshed_end_scopes_not_the_run(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, role=ROLE, current_account="no", collect="aws_ec2_volume,aws_vpc")
    (account,) = hub.accounts()
    proxy.fault("AssumeRole", body(assumed("ASIAFIRST0000000FIRST", minutes=5)), times=1)
    proxy.fault("AssumeRole", error(403, "ExpiredToken", "The security token included in the request is expired"))
    sink = collect(hub, account)
    assert set(sink.bad().values()) == {Status.DENIED}
    report = sink.reports["eu-west-1", "aws_ec2_volume"]
    assert (report.operation, report.code) == ("sts:AssumeRole", "ExpiredToken")
    assert asked(proxy, "AssumeRole") == 2, "one refusal is enough for a while"


def assumed(key: str, minutes: int) -> bytes:
    until = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
    keys = f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    inside = f"<Credentials>{keys}<Expiration>{until}</Expiration></Credentials>"
    return f"<AssumeRoleResponse><AssumeRoleResult>{inside}</AssumeRoleResult></AssumeRoleResponse>".encode()


# -- the account of the credentials -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accounts", "wish", "ways"),
    [
        (SHOP, "own", {SHOP: "role", HUB: "own"}),
        (SHOP, "role", {SHOP: "role", HUB: "role"}),
        (SHOP, "no", {SHOP: "role"}),
        (f"{SHOP},{HUB}", "own", {SHOP: "role", HUB: "own"}),
        (f"{SHOP},{HUB}", "role", {SHOP: "role", HUB: "role"}),
        (f"{SHOP},{HUB}", "no", {SHOP: "role"}),
        ("", "own", {HUB: "role"}),
    ],
)
def test_the_account_of_the_credentials(hub: AwsProvider, settings: Settings, accounts: str, wish: str, ways: dict[str, str]) -> None:
    configure(settings, role="path/inventory", accounts=accounts, current_account=wish)
    found = {account.id: account.handle for account in hub.accounts()}
    assert found == {id: f"arn:aws:iam::{id}:role/path/inventory " if way == "role" else "" for id, way in ways.items()}


@pytest.mark.parametrize(("wish", "ids"), [("own", {SHOP, HUB}), ("role", {SHOP}), ("no", {SHOP})])
def test_one_role_by_its_arn(hub: AwsProvider, settings: Settings, wish: str, ids: set[str]) -> None:
    configure(settings, role=ROLE, current_account=wish)
    assert {account.id for account in hub.accounts()} == ids


# -- the organization ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def members(aws: World) -> dict[str, str]:
    """Ids of the organization's accounts by name; `closed` is suspended."""
    organizations = aws.client("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    for name in ("shop", "bank", "lab-1", "lab-2", "closed"):
        organizations.create_account(AccountName=name, Email=f"{name}-{token_hex(3)}@example.com")
    found = {account["Name"]: account["Id"] for account in organizations.list_accounts()["Accounts"]}
    organizations.close_account(AccountId=found["closed"])
    return found


def test_the_whole_organization(hub: AwsProvider, settings: Settings, members: dict[str, str]) -> None:
    accounts_of_others = f"{BANK},{members['shop']}"
    configure(settings, role="inventory", organization=True, exclude_accounts=f"lab-*,{members['bank']}", accounts=accounts_of_others)
    accounts = {account.id: account for account in hub.accounts()}
    assert {account.name for account in accounts.values()} == {"master", "shop", ""}
    assert accounts.pop(BANK).handle == f"arn:aws:iam::{BANK}:role/inventory "
    assert accounts[members["shop"]].handle == f"arn:aws:iam::{members['shop']}:role/inventory "
    assert accounts[HUB].handle == ""
    assert hub.problems == ()


def test_an_account_is_called_as_in_the_organization(hub: AwsProvider, settings: Settings, members: dict[str, str]) -> None:
    configure(settings, role="inventory", organization=True)
    account = next(account for account in hub.accounts() if account.name == "shop")
    assert collect(hub, account).node(account.id).reported["name"] == "shop"


def test_another_role_lists_the_organization(hub: AwsProvider, proxy: FaultProxy, settings: Settings, members: dict[str, str]) -> None:
    configure(settings, role="inventory", organization=True, organization_role=f"arn:aws:iam::{HUB}:role/lister")
    assert len(hub.accounts()) == len(members) - 1
    assert asked(proxy, "AssumeRole") == 1


def test_an_organization_that_cannot_be_listed(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, role="inventory", organization=True)
    proxy.fault("POST /", error(400, "AccessDeniedException", "You don't have permissions to access this resource."))
    assert [account.id for account in hub.accounts()] == [HUB]
    assert "cannot be listed: You don't have permissions" in hub.problems[0].message
    configure(settings, current_account="no")
    with pytest.raises(ProviderError, match="cannot be listed"):
        hub.accounts()


def test_a_large_organization_is_listed_to_its_last_page(tmp_path: Path) -> None:
    class Organizations:
        def client(self, *args: str) -> Organizations:
            return self

        def list_accounts(self, NextToken: str = "0") -> dict[str, Any]:
            page = int(NextToken)
            item = {"Id": f"{page:012}", "Name": f"account {page}", "State": "ACTIVE"}
            return {"Accounts": [item], **({"NextToken": str(page + 1)} if page < 2 else {})}

    clients: Any = Organizations()
    counts, counting = CallCounts(tmp_path / "calls"), Counting("accounts")
    with counting:
        assert [account.name for account in list_members(clients, "", "aws")] == ["account 0", "account 1", "account 2"]
    counting.keep(counts, "01a7")
    (calls,) = counts.of("01a7")
    assert [(count.region, count.operation, count.calls) for count in calls.counts] == [("global", "organizations:ListAccounts", 3)]


# -- profiles and keys --------------------------------------------------------------------------------------------------------------


def test_all_profiles_and_some(hub: AwsProvider, settings: Settings, tmp_path: Path, proxy: FaultProxy) -> None:
    names = ("live", "live-eu", "test")
    (tmp_path / "credentials").write_text("".join(f"[{name}]\n" + KEYS.format(f"{name:0<16}".upper()) for name in names))
    for pattern, expected in (("*", set(names)), ("live*", {"live", "live-eu"}), ("test,live-*", {"test", "live-eu"})):
        configure(settings, profiles=pattern)
        proxy.heal()
        assert {account.handle for account in hub.accounts()} <= expected
        assert proxy.keys == {f"AKIA{name:0<16}".upper() for name in expected}
    configure(settings, profiles="nothing-*")
    with pytest.raises(NotConfigured, match="no profile fits 'nothing-\\*'"):
        hub.accounts()


def test_keys_of_the_settings(hub: AwsProvider, settings: Settings, proxy: FaultProxy) -> None:
    configure(settings, access_key_id="AKIASETTINGS00000000", secret_access_key="planted", session_token="planted-too")
    assert [account.id for account in hub.accounts()] == [HUB]
    assert proxy.keys == {"AKIASETTINGS00000000"}


@pytest.mark.parametrize(("given", "missing"), [("access_key_id", "secret_access_key"), ("secret_access_key", "access_key_id")])
def test_half_of_the_keys(hub: AwsProvider, settings: Settings, given: str, missing: str) -> None:
    configure(settings, **{given: "planted"})
    with pytest.raises(NotConfigured, match=f"aws.{missing} is empty") as told:
        hub.accounts()
    assert "planted" not in f"{told.value.message} {told.value.hint}"


def test_new_keys_in_the_files_of_aws_count(hub: AwsProvider, settings: Settings, tmp_path: Path, proxy: FaultProxy) -> None:
    """Tools that sign in put new keys there, while resh goes on."""
    file = tmp_path / "credentials"
    file.write_text("[live]\n" + KEYS.format("OLD0000000000000"))
    configure(settings, profiles="live")
    hub.accounts()
    file.write_text("[live]\n" + KEYS.format("NEW0000000000000"))
    proxy.fault("GetCallerIdentity", error(403, "ExpiredToken", "The security token included in the request is expired"), times=1)
    assert [account.id for account in hub.accounts()] == [HUB]
    assert "AKIANEW0000000000000" in proxy.keys


def test_nobody_is_asked_for_a_code(hub: AwsProvider, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(f"[profile safe]\nrole_arn = {ROLE}\nsource_profile = safe\nmfa_serial = arn:aws:iam::1:mfa/ada\n")
    (tmp_path / "credentials").write_text("[safe]\n" + KEYS.format("SAFE000000000000"))
    configure(settings, profiles="safe")
    with pytest.raises(ProviderError, match="profile 'safe' asks for an MFA code"):
        hub.accounts()


def test_a_session_of_single_sign_on_that_has_ended(hub: AwsProvider, settings: Settings, tmp_path: Path) -> None:
    sso = "sso_start_url = https://example.com/start\nsso_region = eu-west-1\nsso_account_id = 222222222222\nsso_role_name = reader\n"
    (tmp_path / "config").write_text(f"[profile corp]\n{sso}")
    configure(settings, profiles="corp")
    with pytest.raises(ProviderError) as told:
        hub.accounts()
    assert told.value.hint == "'aws sso login --profile corp' starts a new session"


# -- partitions ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov"), ("us-isob-east-1", "aws-iso-b")],
)
def test_regions_of_a_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition


def test_another_partition_is_found_by_asking_there(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, regions="", role="inventory", accounts=BANK)
    proxy.fault("GetCallerIdentity", error(403, "InvalidClientTokenId", "The security token is invalid."), region="us-east-1")
    proxy.fault("GetCallerIdentity", body(identity("aws-cn")), region="cn-north-1")
    assert {account.handle for account in hub.accounts()} == {"", f"arn:aws-cn:iam::{BANK}:role/inventory "}
    assert proxy.asked["ListAccountAliases", "cn-north-1"] == 1


def test_only_regions_of_the_partition_are_collected(hub: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    configure(settings, regions="eu-west-1,us-gov-west-1")
    proxy.fault("GetCallerIdentity", body(identity("aws-us-gov")))
    (account,) = hub.accounts()
    sink = collect(hub, account)
    assert {region for region, kind in sink.reports if kind == "aws_ec2_volume"} == {"us-gov-west-1"}
    assert sink.node(SHOP).reported["arn"] == f"arn:aws-us-gov:iam::{SHOP}:root"


# -- mistakes -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        ({"accounts": SHOP}, "aws.accounts needs aws.role", "assume in each account"),
        ({"organization": True}, "aws.organization needs aws.role", "assume in each account"),
        ({"accounts": "22222222222", "role": "x"}, "'22222222222' is no account id", "in quotes"),
        ({"role": "arn:aws:iam::12:user/x"}, "is no ARN of a role", "arn:aws:iam::123456789012:role/name"),
        ({"role": ROLE, "accounts": SHOP}, "the role of one account", "write its name: inventory"),
        ({"role": "x", "accounts": SHOP, "profiles": "a,b"}, "needs one profile", "leave one"),
        ({"exclude_accounts": "*"}, "no account is left", "aws.exclude_accounts"),
    ],
)
def test_settings_that_do_not_fit(hub: AwsProvider, settings: Settings, values: dict[str, Any], message: str, hint: str) -> None:
    configure(settings, **values)
    with pytest.raises(NotConfigured) as told:
        hub.accounts()
    assert message in told.value.message
    assert hint in told.value.hint


def test_a_pattern_that_fits_no_kind_is_told(hub: AwsProvider, settings: Settings) -> None:
    configure(settings, collect="aws_ec2_volum,aws_vpc", no_collect="aws_iam_*")
    hub.accounts()
    assert [(problem.message, problem.hint) for problem in hub.problems] == [
        ("aws.collect: no kind fits 'aws_ec2_volum'", "did you mean aws_ec2_volume or aws_ec2_volume_type or aws_fsx_volume?")
    ]


@pytest.mark.parametrize("values", [{"kinds.cap": "aws_ec2_snap=5,aws_vpc=9"}, {"kinds.every": "aws_ec2_snap=6h,aws_iam_*=1d"}])
def test_so_is_one_of_a_hot_kind(hub: AwsProvider, settings: Settings, values: dict[str, Any]) -> None:
    configure(settings, **values)
    hub.accounts()
    assert [problem.message for problem in hub.problems] == [f"aws.{next(iter(values))}: no kind fits 'aws_ec2_snap'"]
