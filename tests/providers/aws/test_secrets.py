"""Credentials are planted in every way in. None may be found in what resh prints, or in any file of its state folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resh.cli import main
from resh.providers.aws.errors import mask
from tests.providers.faults import FaultProxy, body, error

SECRET = "PLANTEDsecret/0123456789abcdefghijklmnop"
TOKEN = "IQoJPLANTED" + "token0123456789ABCDEFabcdef/+" * 6
MARK = "PLANTED"
LINES = (
    "workflows run collect --wait",
    "aws accounts",
    "config show",
    "config show aws | format {path} {value}",
    "collect status",
    "events last 200",
    "workflows history",
    "history --limit 1000",
    "search all | format --ndjson",
    "sql 'select * from aws_ec2_volume'",
    "env",
    "aws permissions --missing",
    f"config set aws.secret_access_key {SECRET}",
    f"config set aws.session_token {TOKEN}",
)

Run = Callable[..., str]


@pytest.fixture
def run(credentials: pytest.MonkeyPatch, proxy: FaultProxy, home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs lines as `resh -c` does; what it prints, and what it leaves behind."""
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    credentials.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    credentials.setenv("AWS_SESSION_TOKEN", TOKEN)
    settings = ("aws.regions=eu-west-1", "aws.collect=aws_ec2_volume,aws_lambda_function", "aws.retries=1")

    def run(*options: str, lines: tuple[str, ...] = LINES) -> str:
        given = [part for setting in settings for part in ("--set", setting)]
        main(["--home", str(home), "--keep-going", *given, *options, *(part for line in lines for part in ("-c", line))])
        printed = capsys.readouterr()
        files = [file for file in home.rglob("*") if file.is_file()] if home.exists() else []
        left = "".join(f"\n== {file.name}\n" + file.read_bytes().decode("latin-1") for file in files)
        return printed.out + printed.err + left

    return run


def test_those_of_the_environment(run: Run, proxy: FaultProxy) -> None:
    """The cloud repeats them in its errors, one in each way that errors are written."""
    proxy.fault("DescribeVolumes", error(403, "UnauthorizedOperation", f"the key {SECRET} with the token {TOKEN} may not"))
    proxy.fault("GET /2015-03-31/functions.*", error(403, "AccessDeniedException", f'{{"SecretAccessKey": "{SECRET}"}} may not'))
    text = run()
    assert "may not" in text
    assert "graph.sqlite3" in text
    assert "settings.json" not in text, "nothing may have been stored"
    assert MARK not in text


def test_those_of_the_settings(run: Run, credentials: pytest.MonkeyPatch, proxy: FaultProxy) -> None:
    for name, value in (("ACCESS_KEY_ID", "AKIAPLANTED000000000"), ("SECRET_ACCESS_KEY", SECRET), ("SESSION_TOKEN", TOKEN)):
        credentials.setenv(f"RESH__AWS__{name}", value)
    text = run()
    assert "AKIAPLANTED000000000" in proxy.keys
    assert text.count("(hidden)") >= 6
    assert MARK not in text


def test_those_of_a_file_and_of_a_role(run: Run, tmp_path: Path, proxy: FaultProxy) -> None:
    file = tmp_path / "resh.yaml"
    keys = f"access_key_id: AKIAPLANTED000000000, secret_access_key: {SECRET}, session_token: {TOKEN}"
    file.write_text(f"aws: {{{keys}, role: 'arn:aws:iam::222222222222:role/inventory'}}")
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assumed = (
        f"<AccessKeyId>ASIAPLANTED000000000</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>"
    )
    inner = f"<AssumeRoleResult><Credentials>{assumed}<Expiration>{until}</Expiration></Credentials></AssumeRoleResult>"
    proxy.fault("AssumeRole", body(f"<AssumeRoleResponse>{inner}</AssumeRoleResponse>".encode()))
    proxy.fault("DescribeVolumes", error(403, "UnauthorizedOperation", f"{TOKEN} may not"))
    text = run("--config", str(file))
    assert "ASIAPLANTED000000000" in proxy.keys
    assert MARK not in text


def test_those_of_profiles_and_of_a_program(run: Run, tmp_path: Path, proxy: FaultProxy) -> None:
    keys = f"aws_access_key_id = AKIAPLANTED000000000\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
    (tmp_path / "credentials").write_text(f"[live]\n{keys}")
    (tmp_path / "fails").write_text(f"""echo '{{"SecretAccessKey": "{SECRET}"}} and {TOKEN}' >&2; exit 1""")
    (tmp_path / "raves").write_text(f"""echo '{{"SecretAccessKey": "{SECRET}", and {TOKEN}'""")
    (tmp_path / "config").write_text(
        "".join(f"[profile {name}]\ncredential_process = sh {tmp_path / name}\n" for name in ("fails", "raves"))
    )
    text = run("--set", "aws.profiles=*", "--debug")
    assert "AKIAPLANTED000000000" in proxy.keys
    assert "profile 'fails' cannot be used" in text
    assert "profile 'raves' cannot be used" in text
    assert MARK not in text


@pytest.mark.parametrize(
    "options",
    [
        ("--set", f"aws.secret_access_key:{SECRET}"),
        ("--set", f"aws.secret_access_kee={SECRET}"),
        ("--set", f"aws.secret_access_key={SECRET}"),
        ("--config", "broken.yaml"),
        ("--config", "nested.yaml"),
    ],
)
def test_mistakes_do_not_show_them(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, str]) -> None:
    (tmp_path / "broken.yaml").write_text(f'aws: {{secret_access_key: "{SECRET}')
    (tmp_path / "nested.yaml").write_text(f"aws: {{secret_access_key: {{value: {SECRET}}}, regions: 5}}")
    monkeypatch.chdir(tmp_path)
    assert MARK not in run(*options, lines=("config show", "aws accounts"))


@pytest.mark.parametrize(
    "text",
    [
        f'"SecretAccessKey": "{SECRET}"',
        f"'aws_secret_access_key' = '{SECRET}'",
        f"<SecretAccessKey>{SECRET}</SecretAccessKey>",
        f"X-Amz-Security-Token={TOKEN}",
        f"the word {SECRET}, in the middle",
        f"{TOKEN}",
    ],
)
def test_they_are_masked_in_any_form(text: str) -> None:
    assert MARK not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/ada is not authorized to do so",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709 is not there",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/my-load-balancer/50dc6c495c0c9188",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert mask(text) == text
