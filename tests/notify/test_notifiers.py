from __future__ import annotations

import json
from typing import Any

import pytest

from resh.errors import SendFailed, UsageError
from resh.notify.base import Item, Message, Notifier
from resh.notify.delivery import complete
from resh.notify.registry import built_in
from tests.notify.conftest import MESSAGE, Carry
from tests.web_server import Told, WebServer


def told(notifier: str, carry: Carry, server: WebServer, message: Message = MESSAGE, **values: str) -> Any:
    """What arrives, as JSON."""
    one = built_in()[notifier]
    one.deliver(message, complete(one, values), carry(secrets=[value for value in values.values() if "s3cret" in value]))
    return json.loads(server.asked[-1].body)


def test_slack(carry: Carry, server: WebServer) -> None:
    body = told("slack", carry, server, webhook=f"{server.url}/services/T0/s3cret")
    assert server.asked[0].path == "/services/T0/s3cret"
    assert body["text"] == "Old volumes"
    header, text, items = body["blocks"]
    assert header["text"] == {"type": "plain_text", "text": "Old volumes"}
    assert text["text"]["text"] == "Somebody should look &lt;here&gt; &amp; there."
    lines = items["text"]["text"].splitlines()
    assert lines == ["• aws_ec2_volume data (vol-1) in demo eu-west-1", "• aws_ec2_volume vol-2 in demo us-east-1", "… and 10 more"]


def test_what_slack_does_not_take_is_counted(carry: Carry, server: WebServer) -> None:
    items = tuple(Item("<" * 190) for _ in range(25))
    body = told("slack", carry, server, Message("t", items=items, total=25), webhook=server.url)
    text = body["blocks"][-1]["text"]["text"]
    assert text.splitlines() == [f"• {'&lt;' * 190}"] * 3 + ["… and 22 more"]
    assert len(text) <= 3000


def test_discord(carry: Carry, server: WebServer) -> None:
    body = told("discord", carry, server, webhook=server.url)
    (embed,) = body["embeds"]
    assert embed["title"] == "Old volumes"
    assert embed["description"].startswith("Somebody should look <here> & there.\n- aws_ec2_volume data (vol-1)")
    assert embed["description"].endswith("… and 10 more")
    assert body["allowed_mentions"] == {"parse": []}


def test_teams(carry: Carry, server: WebServer) -> None:
    body = told("teams", carry, server, webhook=server.url)
    (attachment,) = body["attachments"]
    assert (body["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [block["type"] for block in card["body"]] == ["TextBlock"] * 3
    assert [block["text"].splitlines()[-1] for block in card["body"]] == ["Old volumes", MESSAGE.text, "… and 10 more"]


def test_pagerduty(carry: Carry, server: WebServer) -> None:
    body = told("pagerduty", carry, server, routing_key="R0", webhook_url=f"{server.url}/v2/enqueue", dedup_key="volumes", group="storage")
    assert server.asked[0].path == "/v2/enqueue"
    details = body["payload"].pop("custom_details")
    assert body == {
        "routing_key": "R0",
        "event_action": "trigger",
        "dedup_key": "volumes",
        "client": "resh",
        "payload": {
            "summary": "Old volumes",
            "severity": "warning",
            "source": "resh",
            "component": "resh",
            "timestamp": "2023-11-14T22:13:20Z",
            "group": "storage",
        },
    }
    assert details == {
        "message": MESSAGE.text,
        "total": 12,
        "more": 10,
        "aws": {
            "demo": {
                "eu-west-1": {"resources": ["aws_ec2_volume data (vol-1) in demo eu-west-1"]},
                "us-east-1": {"resources": ["aws_ec2_volume vol-2 in demo us-east-1"]},
            }
        },
    }


def test_alertmanager(carry: Carry, server: WebServer) -> None:
    (alert,) = told("alertmanager", carry, server, alertmanager_url=f"{server.url}/am/", duration="2h", username="ada", password="pw")
    assert server.asked[0].path == "/am/api/v2/alerts"
    assert server.asked[0].headers["Authorization"] == "Basic YWRhOnB3"
    assert alert["labels"] == {"alertname": "Old volumes", "severity": "warning", "source": "resh"}
    assert (alert["startsAt"], alert["endsAt"]) == ("2023-11-14T22:13:20Z", "2023-11-15T00:13:20Z")
    assert alert["annotations"]["count"] == "12"


def test_jira(carry: Carry, server: WebServer) -> None:
    body = told("jira", carry, server, url=server.url, username="ada", token="t0", project_id="10000", reporter_id="r1", labels="a, b")
    assert server.asked[0].path == "/rest/api/2/issue"
    assert server.asked[0].headers["Authorization"] == "Basic YWRhOnQw"
    fields = body["fields"]
    assert fields.pop("description").splitlines()[0] == MESSAGE.text
    assert fields == {
        "summary": "Old volumes",
        "project": {"id": "10000"},
        "issuetype": {"name": "Task"},
        "labels": ["a", "b"],
        "reporter": {"id": "r1"},
    }


def test_jira_by_the_key_of_the_project(carry: Carry, server: WebServer) -> None:
    fields = told("jira", carry, server, url=server.url, username="ada", token="t0", project_id="OPS", issue_type="10001")["fields"]
    assert (fields["project"], fields["issuetype"], "reporter" in fields) == ({"key": "OPS"}, {"id": "10001"}, False)


def test_webhook(carry: Carry, server: WebServer) -> None:
    body = told("webhook", carry, server, url=f"{server.url}/hook", token="s3cret")
    assert server.asked[0].headers["Authorization"] == "Bearer s3cret"
    assert (body["title"], body["total"], body["items"][0]["id"]) == ("Old volumes", 12, "vol-1")


def test_what_a_service_says_is_told_without_the_secret(carry: Carry, server: WebServer) -> None:
    server.answers = [Told(403, {}, b"invalid_token s3cret-1\n")]
    with pytest.raises(SendFailed) as caught:
        told("webhook", carry, server, url=f"{server.url}/hook", token="s3cret-1")
    assert caught.value.message == f"{server.url} answers 403: invalid_token (hidden)"


@pytest.mark.parametrize("name", ["slack", "discord", "teams"])
def test_messages_stay_within_what_services_take(carry: Carry, server: WebServer, name: str) -> None:
    long = MESSAGE.changed(title="t" * 5000, text="x" * 100_000)
    body = told(name, carry, server, long, webhook=server.url)
    assert len(json.dumps(body)) < 28_000
    assert "…" in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("notifier", built_in().values(), ids=lambda notifier: notifier.name)
def test_every_notifier_says_what_it_needs(notifier: Notifier) -> None:
    assert notifier.description
    assert all(field.help for field in notifier.fields)
    assert any(field.connection for field in notifier.fields)
    assert all(field.connection for field in notifier.fields if field.secret)


def test_fields_are_checked_without_telling_their_values() -> None:
    pagerduty = built_in()["pagerduty"]
    for values, named in (
        ({}, "routing_key is missing"),
        ({"routing_key": "s3cret", "severty": "s3cret"}, "has no 'severty'"),
        ({"routing_key": "s3cret", "event_action": "s3cret"}, "event_action is none of trigger, acknowledge, resolve"),
    ):
        with pytest.raises(UsageError, match=named) as caught:
            complete(pagerduty, values)
        assert "s3cret" not in caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        "Cannot POST /services/T0/B0/s3cretS3cretS3cret",
        r"no such hook: \/services\/T0\/B0\/s3cretS3cretS3cret",
        "you asked services/T0/B0/s3cretS3cretS3cret?",
    ],
)
def test_a_server_that_repeats_the_address_tells_nobody(carry: Carry, server: WebServer, body: str) -> None:
    server.answers = [Told(404, {}, body.encode())]
    with pytest.raises(SendFailed, match="answers 404: ") as caught:
        told("slack", carry, server, webhook=f"{server.url}/services/T0/B0/s3cretS3cretS3cret")
    assert "s3cret" not in caught.value.message


def test_a_server_that_repeats_the_login_tells_nobody(carry: Carry, server: WebServer) -> None:
    server.answers = [Told(400, {}, b"bad request: Authorization: Basic YWRhOnMzY3JldA==")]
    with pytest.raises(SendFailed, match=r"Authorization: Basic \(hidden\)"):
        told("jira", carry, server, url=server.url, username="ada", token="s3cret", project_id="OPS")


@pytest.mark.parametrize(
    ("notifier", "values", "named"),
    [
        ("alertmanager", {"alertmanager_url": "http://x", "duration": "soon"}, "alertmanager: duration: 'soon' is not part"),
        ("alertmanager", {"alertmanager_url": "ftp://x"}, "alertmanager: alertmanager_url: addresses of 'ftp' are not supported"),
        ("mail", {"host": "x", "from": "ada", "to": "ada@example.org"}, "mail: from: 'ada' is no address"),
        ("mail", {"host": "x", "from": "ada@example.org", "to": ","}, "mail: to: an address is missing"),
        ("mail", {"host": "x", "from": "ada@example.org", "to": "ada@example.org", "port": "70000"}, "mail: port: '70000' is no port"),
        ("webhook", {"url": "http:// x"}, "webhook: url: the address has no host"),
    ],
)
def test_values_are_looked_at_before_anything_is_sent(notifier: str, values: dict[str, str], named: str) -> None:
    with pytest.raises(UsageError) as caught:
        complete(built_in()[notifier], values)
    assert caught.value.message.startswith(named)
