from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from resh.providers.catalog import Call, Day, Detail, Json, Resource, Scaled, Values
from resh.providers.mapping import FreeKeys, Mapper, OddRecord, expression, snake, time_text, values_at

CALL = Call("s", "list", "Items")
NO_FREE_KEYS = FreeKeys()
PLACE = {"account": "1", "region": "r1", "partition": "aws"}


def reported(item: Any, free: FreeKeys = NO_FREE_KEYS, **declared: Any) -> dict[str, Any]:
    resource = Resource("c_box", "A box.", CALL, **{"id": "Id", **declared})
    return Mapper(resource, free).map(item, PLACE).reported


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("TotalGpuMemoryInMiB", "total_gpu_memory_in_mi_b"),
        ("SizeInGB", "size_in_gb"),
        ("CidrIpv6", "cidr_ipv6"),
        ("OwnerId", "owner_id"),
        ("VPCId", "vpc_id"),
        ("DBInstanceIdentifier", "db_instance_identifier"),
        ("functionName", "function_name"),
        ("Arn", "arn"),
        ("DB_HOST", "DB_HOST"),
        ("aws:cloudformation:stack-id", "aws:cloudformation:stack-id"),
    ],
)
def test_snake_case(key: str, name: str) -> None:
    assert snake(key) == name


def test_what_every_node_has() -> None:
    assert reported({"Id": "b1"}) == {"id": "b1", "kind": "c_box", "name": "b1", "tags": {}}
    assert reported({"Id": 7})["id"] == "7"


def test_fields_take_the_place_of_their_keys_and_the_rest_keeps_its_own() -> None:
    item = {"Id": "b1", "Size": 8, "State": {"Name": "on"}, "BoxColour": "red", "OwnerId": "1", "Nothing": None}
    assert reported(item, prefix="box", fields={"box_size": "Size", "box_status": "State.Name"}) == {
        "id": "b1", "kind": "c_box", "name": "b1", "tags": {},
        "box_size": 8, "box_status": "on", "box_state": {"name": "on"}, "box_colour": "red", "box_owner_id": "1",
    }  # fmt: skip


def test_secrets_are_not_kept_however_deep_they_are() -> None:
    item = {"Id": "b1", "Password": "x", "Options": {"Tunnels": [{"Key": "x", "Port": 1}], "Password": "x"}}
    assert reported(item, secret=("Password", "Key")) == {
        "id": "b1", "kind": "c_box", "name": "b1", "tags": {}, "options": {"tunnels": [{"port": 1}]},
    }  # fmt: skip


def test_declared_properties_win_over_names_that_come_out_the_same() -> None:
    assert reported({"Id": "b1", "Kind": "wood", "Status": "ON"}, fields={"status": "Status == 'ON'"})["status"] is True
    assert reported({"Id": "b1", "Kind": "wood"})["kind"] == "c_box"


@pytest.mark.parametrize(
    ("value", "status"), [("creating", "busy"), ("available", "available"), ("odd", "unknown"), (None, None), ({"a": 1}, "unknown")]
)
def test_values_are_translated(value: Any, status: str | None) -> None:
    values = Values("State", {"creating": "busy", "available": "available"}, default="unknown")
    assert reported({"Id": "b1", "State": value}, fields={"status": values}).get("status") == status


def test_values_without_a_default_pass() -> None:
    assert reported({"Id": "b1", "State": "odd"}, fields={"status": Values("State", {"creating": "busy"})})["status"] == "odd"


@pytest.mark.parametrize(("value", "gib"), [(1024, 1), (512, 0.5), ("512", None), (None, None), (True, None)])
def test_numbers_in_another_unit(value: Any, gib: float | None) -> None:
    assert reported({"Id": "b1", "Mib": value}, fields={"memory": Scaled("Mib", 1 / 1024)}).get("memory") == gib


@pytest.mark.parametrize(
    "tags",
    [
        [{"Key": "owner", "Value": "ada"}, {"Key": "empty", "Value": None}],
        [{"key": "owner", "value": "ada"}, {"key": "empty"}],
        [{"TagKey": "owner", "TagValue": "ada"}, {"TagKey": "empty", "TagValue": ""}],
        {"owner": "ada", "empty": ""},
    ],
)
def test_tags(tags: Any) -> None:
    assert reported({"Id": "b1", "Tags": tags})["tags"] == {"owner": "ada", "empty": ""}


@pytest.mark.parametrize(
    ("item", "declared", "name"),
    [
        ({"Tags": [{"Key": "Name", "Value": "data"}]}, {}, "data"),
        ({"Tags": [{"Key": "Name", "Value": ""}]}, {}, "b1"),
        ({"Tags": [{"Key": "Name", "Value": "data"}], "Label": "box"}, {"name": "Label"}, "box"),
        ({}, {"name": "Label"}, "b1"),
        ({"Marks": {"Name": "data"}}, {"tags": "Marks"}, "data"),
    ],
)
def test_name(item: dict[str, Any], declared: dict[str, Any], name: str) -> None:
    assert reported({"Id": "b1", **item}, **declared)["name"] == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 23, 5, 33, 0, 999999, tzinfo=UTC), "2026-11-23T05:33:00Z"),
        (datetime(2026, 11, 23, 5, 33, tzinfo=timezone(timedelta(hours=2))), "2026-11-23T03:33:00Z"),
        (datetime(2026, 11, 23, 5, 33), "2026-11-23T05:33:00Z"),
        (datetime.max, "9999-12-31T23:59:59Z"),
        ("2026-11-23T05:33:00.000+0000", "2026-11-23T05:33:00Z"),
        ("2026-11-23T05:33:00.123Z", "2026-11-23T05:33:00Z"),
        (1795411980, "2026-11-23T05:33:00Z"),
        (1795411980123, "2026-11-23T05:33:00Z"),
        ("soon", None),
        (float("nan"), None),
        (1e300, None),
        (True, None),
        (None, None),
    ],
)
def test_times(value: Any, text: str | None) -> None:
    assert time_text(value) == text
    assert reported({"Id": "b1", "Made": value}, ctime="Made").get("ctime") == text


def test_a_time_that_moves_on_is_kept_to_the_day() -> None:
    found = reported({"Id": "b1", "Until": "2026-11-23T05:33:00Z"}, prefix="box", fields={"box_until": Day("Until")})
    assert found["box_until"] == "2026-11-23T00:00:00Z"


def test_a_time_that_is_none_keeps_its_text() -> None:
    found = reported({"Id": "b1", "Made": "soon"}, ctime="Made")
    assert found["made"] == "soon"
    assert "ctime" not in found


def test_values_become_json() -> None:
    item = {
        "Id": "b1",
        "At": datetime(2026, 1, 1, tzinfo=UTC),
        "Text": b"hello",
        "Blob": b"\xff\x00",
        "Set": {"a"},
        "Pair": (1, None),
        "Far": float("inf"),
        "Big": 2**70,
    }
    found = reported({**item, "Bad": "\ud800", "Deep": [{"InnerKey": [{"MoreInner": None, "OK": 1}]}]})
    assert found["at"] == "2026-01-01T00:00:00Z"
    assert (found["text"], found["blob"], found["set"], found["pair"]) == ("hello", "/wA=", ["a"], [1])
    assert "far" not in found
    assert (found["big"], found["bad"]) == (str(2**70), "?")
    assert found["deep"] == [{"inner_key": [{"ok": 1}]}]


def test_keys_that_are_peoples_own_stay() -> None:
    item = {
        "Id": "b1",
        "Environment": {"Variables": {"HOST": "x", "logLevel": "y"}},
        "Document": {"Statement": [{"Effect": "Allow"}]},
        "Tiers": {"Gold": {"MaxSize": 1}},
    }
    found = reported(item, FreeKeys(frozenset(("Variables", "Tiers")), frozenset(("Document",))))
    assert found["environment"] == {"variables": {"HOST": "x", "logLevel": "y"}}
    assert found["document"] == {"Statement": [{"Effect": "Allow"}]}
    assert found["tiers"] == {"Gold": {"max_size": 1}}


def test_a_json_text_of_a_detail_stays_as_it_is() -> None:
    policy = Detail(Call("s", "policy", "Policy"), into="Policy", json=True)
    assert reported({"Id": "b1", "Policy": {"Version": "2012"}}, details=(policy,))["policy"] == {"Version": "2012"}


@pytest.mark.parametrize(
    ("arn", "partition", "expected"),
    [
        ("arn:aws:s:{region}:{account}:box/{id}", "aws", "arn:aws:s:r1:1:box/b1"),
        ("arn:aws:s:{region}:{account}:box/{box_colour}", "aws-cn", "arn:aws-cn:s:r1:1:box/red"),
        ("BoxArn", "aws", "arn:x"),
    ],
)
def test_arn(arn: str, partition: str, expected: str) -> None:
    resource = Resource("c_box", "A box.", CALL, id="Id", arn=arn, prefix="box")
    mapped = Mapper(resource).map({"Id": "b1", "BoxArn": "arn:x", "Colour": "red"}, {**PLACE, "partition": partition})
    assert mapped.reported["arn"] == expected


def test_region_and_zone() -> None:
    mapper = Mapper(Resource("c_box", "A box.", CALL, id="Id", region="Place", zone="Zone"))
    assert mapper.map({"Id": "b", "Place": "r9", "Zone": "r9a"}, PLACE)[1:3] == ("r9", "r9a")
    assert mapper.map({"Id": "b"}, PLACE)[1:3] == ("r1", None)


@pytest.mark.parametrize("item", [{}, {"Id": ""}, {"Id": None}, {"Id": True}, {"Id": []}, "b1", None, {"Id": "b1", "What": object()}])
def test_odd_records(item: Any) -> None:
    with pytest.raises(OddRecord):
        reported(item)


def test_plain_paths_and_jmespath_agree() -> None:
    item = {"A": {"B": [1]}, "C": None}
    assert (expression("A.B")(item), expression("A.B[0]")(item)) == ([1], 1)
    assert (expression("C.B")(item), expression("X.Y")(item), expression("A.B.C")(item)) == (None, None, None)


@pytest.mark.parametrize(
    ("path", "found"),
    [("A", ["x"]), ("B[].C", ["1", "2"]), ("[A, B[].C][]", ["x", "1", "2"]), ("A == 'y' && A", []), ("Empty", []), ("N", [])],
)
def test_values_that_edges_point_to(path: str, found: list[str]) -> None:
    assert values_at(path, {"A": "x", "B": [{"C": "1"}, {"C": ["2"]}], "Empty": "", "N": 7}) == found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("last(Arn, '/')", "k-1"),
        ("last(Plain, '/')", "k-1"),
        ("last(Size, '/')", None),
        ("last(Nothing, '/')", None),
        ("split(Mail, ' ')[0]", "10"),
        ("split(Nothing, ' ')[0]", None),
        ("pairs(Settings, 'K', 'V')", {"Size": "8", "Colour": None}),
        ("pairs(Nothing, 'K', 'V')", None),
        ("lists(Config)", {"Names": ["a"], "None": [], "Deep": [{"Names": ["b"]}], "Rest": {"Quantity": 1, "Unit": "GB"}}),
        ("lists(Nothing)", None),
        ("deep(Settings, 'K')", ["Size", "Colour"]),
        ("deep(Config, 'Quantity')", [1, 0, 1, 1, 1]),
        ("deep(Nothing, 'K')", []),
        ("Arns[].last(@, ':')", ["a", "b"]),
        ("from_json(Policy).Arn", "arn:q"),
        ("from_json(Arn).Arn", None),
        ("from_json(Nothing).Arn", None),
        ("bucket('s3://models/shop/1.tar.gz')", "models"),
        ("bucket('https://s3.eu-west-1.amazonaws.com/models/1.tar.gz')", "models"),
        ("bucket('https://s3-eu-west-1.amazonaws.com/models')", "models"),
        ("bucket('https://models.s3.eu-west-1.amazonaws.com/1.tar.gz')", "models"),
        ("bucket('https://s3.amazonaws.com')", None),
        ("bucket('https://models.example.com/1.tar.gz')", None),
        ("bucket(Size)", None),
    ],
)
def test_functions_that_jmespath_lacks(path: str, value: Any) -> None:
    more: dict[str, Any] = {"Mail": "10 mail.example.com", "Settings": [{"K": "Size", "V": "8"}, {"K": "Colour"}, {"Key": "odd"}]}
    names = {"Names": {"Quantity": 1, "Items": ["b"], "Enabled": True}}
    config = {"Names": {"Quantity": 1, "Items": ["a"]}, "None": {"Quantity": 0}, "Deep": {"Quantity": 1, "Items": [names]}}
    more["Config"] = {**config, "Rest": {"Quantity": 1, "Unit": "GB"}}
    item = {**more, "Arn": "arn:key/k-1", "Plain": "k-1", "Size": 8, "Arns": ["x:a", "x:b"], "Policy": '{"Arn": "arn:q"}'}
    assert expression(path)(item) == value


@pytest.mark.parametrize(("text", "document"), [('{"BoxColour": ["red"]}', {"BoxColour": ["red"]}), ("{broken", "{broken"), (None, None)])
def test_texts_that_hold_json(text: str | None, document: Any) -> None:
    assert reported({"Id": "b1", "Policy": text}, prefix="box", fields={"box_policy": Json("Policy")}).get("box_policy") == document
