"""What may follow, and what each word is."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from resh.model.kinds import Kind, Kinds, Property
from resh.search.expect import Expectation, Place, expect
from resh.search.machine import Machine, Mismatch
from resh.search.names import Counted, OnlyKinds
from resh.search.tokens import category, tokens
from tests.search.test_search_queries import needed, queries

NESTED = (Property("attachments", "any[]"), Property("attachments[].device"), Property("attachments[].since", "datetime", "when"))
KINDS = Kinds(
    [
        Kind(
            "resource", (), properties=(Property("name", description="what people call it"), Property("tags", "dictionary[string, string]"))
        ),
        Kind("volume", properties=(Property("volume_size", "int64", "how large", "GB"), Property("volume_encrypted", "boolean"))),
        Kind("aws_ec2_volume", ("volume",), "An EBS volume.", (Property("volume_kms_key_id"), Property("zones", "string[]"), *NESTED)),
        Kind("instance", properties=(Property("instance_cores", "double"), Property("rules", "any[]"))),
    ]
)
STORED: dict[tuple[tuple[str, ...], str], list[tuple[str | int | bool, str]]] = {
    (("volume",), "volume_status"): [("available", "12 resources"), ("in use", "3 resources"), ("5", ""), ("null", "")],
    (("volume",), "volume_size"): [(8, "2 resources"), (100, "1 resource")],
    (("volume",), "volume_encrypted"): [(True, "9 resources")],
    (("instance",), "rules[*].port"): [(22, "4 times")],
    (("instance",), "name"): [("web", "1 resource")],
    ((), "name"): [("anything", "1 resource")],
    (("volume",), "tags"): [("owner", "4 resources"), ("aws:name", "2 resources"), ("a.b", ""), ("kube-env", ""), ("`", "")],
    ((), "tags"): [("cost", "1 resource")],
    (("instance",), "rules[*]"): [("port", ""), ("cidr", "")],
    ((), "/usage"): [("cpu", "")],
}


class World(OnlyKinds):
    """What a graph would answer."""

    def values(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return STORED.get((kinds, path), [])

    def keys(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return STORED.get((kinds, path), [])

    def templates(self) -> Mapping[str, str]:
        return {"unused": "volumes that nobody uses"}


class FullWorld(World):
    """It knows something of everything."""

    def values(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return [("some value", "")]

    def keys(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return [("some_key", "")]


def texts(text: str) -> list[str]:
    return [found.text for found in expect(text, World(KINDS))]


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("", ["is(", "all", "name", "age", "aggregate(", "-->"], ["and", "sort by"]),
        ("is(", ["aws_ec2_volume", "instance", "volume"], ["name"]),
        ("is(vol", ["volume"], ["instance"]),
        ('is("vol', ['"volume"'], ["volume"]),
        ("is([volume, ", ["instance"], ["name"]),
        ("is(volume) ", ["and", "or", "sort", "limit", "-->", "<--", "with("], ["volume_size", "="]),
        ("is(volume)", ["-->"], ["and", "sort"]),
        ("is(volume) and v", ["volume_size", "volume_encrypted", "volume_kms_key_id"], ["instance_cores", "name"]),
        ("is(volume) --> is(instance) and ", ["instance_cores", "name"], ["volume_size"]),
        ("is(volume) --> ", ["is(", "instance_cores", "volume_size"], ["and"]),
        ("not is(volume) and ", ["instance_cores", "volume_size"], []),
        ("is(volume) with(any, --> is(instance) and ", ["instance_cores"], ["volume_size"]),
        ("is(volume) with(any, --> is(instance)) sort ", ["volume_size"], ["instance_cores"]),
        ("is(volume) {i: --> is(instance)} ", ["i", "volume_size", "with("], ["instance_cores"]),
        ("is(volume) {i: --> is(instance), r: <--} i.", ["i.reported"], []),
        ("is(volume) {i: --> is(instance)} i.reported.", ["i.reported.instance_cores"], ["i.reported.volume_size"]),
        ("name ", ["=", "~", "in", "not in"], ["and", "<", "any"]),
        ("volume_size ", ["=", "!=", "<", ">=", "in", "not in"], ["~", "any"]),
        ("volume_encrypted ", ["=", "!="], ["<", "~", "in"]),
        ("zones ", ["all", "any", "none", "=", "~", "in"], ["<"]),
        ("zones[0] ", ["=", "~"], ["any"]),
        ("attachments[].since ", ["<"], ["~"]),
        ("attachments[*].{since ", ["<"], ["~"]),
        ("tags.owner ", ["=", "~"], ["any", "<"]),
        ("never_heard_of ", ["=", "<", "~", "in", "not in", "any"], []),
        ("is(volume) and volume_size >", [">=", "8"], ["<="]),
        ("name not ", ["not in"], ["and"]),
        ("age > ", ["7d"], ["true"]),
        ("is(volume) and volume_encrypted = ", ["true", "false", "null"], ["7d"]),
        ("is(volume) -", ["-->", "-[1:]->"], ["<--"]),
        ("is(volume) --", ["-->"], ["<--"]),
        ("is(volume) -[1:", ["-[1:]->"], ["-->"]),
        ("is(volume) -[2:3]", ["-[2:3]->"], []),
        ("is(volume) -delete", ["-delete->", "-delete[1:]->"], ["-->"]),
        ("is(volume) <-del", ["delete"], []),
        ("is(volume) <", ["<--", "<-->"], ["-->"]),
        ("is(volume) sort name ", ["asc", "desc", "limit"], ["and"]),
        ("is(volume) sort name d", ["desc"], ["asc"]),
        ("all with(", ["empty", "any", "count"], []),
        ("aggregate(s", ["sum(", "stddev("], ["max("]),
        ("aggregate(kind: sum(volume_size ", ["+", "*"], ["and"]),
        (
            "aggregate(kind as k, volume_status: sum(1) as n, max(age), sum(2)): all sort ",
            ["k", "volume_status", "n", "max_of_age", "sum_of_2"],
            ["kind"],
        ),
        ("expand(", ["unused"], ["name"]),
        ("with_usage(", ["1d"], ["cpu"]),
        ("with_usage(1d, ", ["cpu"], ["1d"]),
        ("in_subnet(name, ", ['"10.0.0.0/8"'], []),
        ("is(volume) and has_key(tags, ", ["owner", "aws:name"], []),
        ("/meta", ["/metadata.protected"], ["/desired.clean"]),
        ("/ancestors.", ["/ancestors.volume"], []),
        ("/ancestors.volume.reported.vol", ["/ancestors.volume.reported.volume_size"], ["/ancestors.volume.reported.name"]),
        ("/reported.vol", ["/reported.volume_size"], []),
        ("/usage.", ["/usage.cpu"], []),
        ("/usage.cpu.", ["/usage.cpu.avg"], []),
        ("all <-", [], ["and"]),
        ("is(volume", ["volume"], []),
        ("aggregate(kind: sum(1))", [":"], [")"]),
        ("id(a", [], ["name"]),
        ("is(volume)\n  and vol", ["volume_size"], []),
    ],
)
def test_expectations(text: str, some: list[str], none: list[str]) -> None:
    found = texts(text)
    assert set(some) <= set(found)
    assert not set(none) & set(found)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("is(volume) and volume_status = ", ["available", '"in use"', '"5"', '"null"', "null"]),
        ("is(volume) and volume_status=", ["available", '"in use"', '"5"', '"null"', "null"]),
        ("is(volume) and volume_status != av", ["available"]),
        ("is(volume) and volume_status = AV", ["available"]),
        ("is(volume) and volume_status = us", ['"in use"']),
        ('is(volume) and volume_status = "', ['"available"', '"in use"', '"5"', '"null"']),
        ('is(volume) and volume_status = "in us', ['"in use"']),
        ("is(volume) and volume_status in [", ["available", '"in use"', '"5"', '"null"']),
        ("is(volume) and volume_status not in [a, av", ["available"]),
        ("is(volume) and volume_status ~ av", ["available"]),
        ("is(volume) and volume_size > ", ["8", "100"]),
        ("is(volume) and volume_encrypted = ", ["true", "false", "null"]),
        ("is(instance) and rules[*].{port = ", ["22", "null"]),
        ("is(instance) and rules[*].{cidr = x or port in [", ["22"]),
        ("is(instance) and rules[*].port = ", ["22", "null"]),
        ("is(volume) with(any, --> is(instance) and name = ", ["web", "null"]),
        ("is(volume) {i: --> is(instance) and name = ", ["web", "null"]),
        ("is(volume) --> name = ", ["anything", "null"]),
        ("is(instance) and (name = x or (name = ", ["web", "null"]),
    ],
)
def test_values_of_the_property_in_the_kinds_in_play(text: str, values: list[str]) -> None:
    assert [found.text for found in expect(text, World(KINDS)) if found.category == "value"] == values


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("is(volume) and tags.", ["tags.owner", "tags.`aws:name`", "tags.`a.b`", "tags.kube-env"]),
        ("is(volume) and tags.ow", ["tags.owner"]),
        ("is(volume) and tags.`aws", ["tags.`aws:name`"]),
        ("is(volume) sort name, tags.k", ["tags.kube-env"]),
        ("is(volume) <-- tags.", ["tags.cost"]),
        ("is(instance) and rules[*].", ["rules[*].port", "rules[*].cidr"]),
        ("is(instance) and rules.", ["rules[*].port", "rules[*].cidr"]),
        ("is(instance) and rules[*].{p", ["port"]),
        ("is(aws_ec2_volume) and attachments.", ["attachments[*].device", "attachments[*].since"]),
        ("is(aws_ec2_volume) and attachments[*].s", ["attachments[*].since"]),
        ("is(aws_ec2_volume) and attachments[0].s", ["attachments[0].since"]),
        ("is(aws_ec2_volume) and attachments[].s", ["attachments[].since"]),
        ("is(aws_ec2_volume) and attachments[*].{", ["device", "since"]),
        ("is(aws_ec2_volume) and att", ["attachments", "attachments[*].device", "attachments[*].since"]),
    ],
)
def test_keys_that_the_graph_has(text: str, paths: list[str]) -> None:
    assert [found.text for found in expect(text, World(KINDS)) if found.category == "property"] == paths


def test_an_expectation_says_what_it_is_and_what_it_replaces() -> None:
    assert expect("is(volume) and volume_si", World(KINDS)) == [Expectation("volume_size", 15, "property", "int64 · GB · how large")]
    assert expect("is(aws", World(KINDS)) == [Expectation("aws_ec2_volume", 3, "kind", "An EBS volume.")]
    assert expect("is(volume) and volume_status = a", World(KINDS)) == [Expectation("available", 31, "value", "12 resources")]


@pytest.mark.parametrize("text", ["foo bla bar", "is(volume) ) ", 'a = "x" "y', "(" * 4000, "all " * 6000])
def test_where_nothing_makes_sense_nothing_is_expected(text: str) -> None:
    assert expect(text, World(KINDS)) == []


def test_never_more_than_200() -> None:
    many = Kinds([Kind(f"kind_{number}", ()) for number in range(5_000)])
    assert len(expect("is(", OnlyKinds(many))) == 200


SEARCHES = (
    'aggregate(a: sum(1)): is(volume) and a[*].{b="x" or c in [1, {}]} <-delete[1:]- all with(count>2, -->) #t sort age limit 1, 2',
    'aggregate("{a}-{b}" as ab, kind: sum(size * 2 / 3) as total, count(x))(edge_type=delete): all <-[1:]- all --> all',
    "with_usage(3w::2d, [cpu, mem]) is([volume, instance]) and /usage.cpu.avg > 3 reversed",
    'is(volume) and (tags.`aws:name` != null or not tags.owner in [ada, "b c"]) and volume_size >= 8 sort name desc, age limit 3',
    "is(instance) {vols[]: <-- is(volume), acc: aggregate(kind: sum(1)): <-[0:]- is(resource)} vols.reported.name = x with(empty, <--)",
    'id(a, "b") or has_key(tags, [a, b]) and in_subnet(ip, "10.0.0.0/8") or has_desired_change(tags)',
    'expand(unused, days=3) and "some text" -default,delete[1:2]-> all <-default[1:2]delete-> name ~ "^a.*"',
    "/ancestors.account.reported.name = dev and zones any = a and /metadata.protected != true -[0:]-> all <--> all",
    'a = {"k": [1, {"l": null}]} and b not in [true, {{x}}] and last_update < 3d with(any, -[0:]-> all with(count = 0, <-delete-))',
)
NOT_WORDS = ("punctuation", "name", "number", "template")
"""What nobody can offer: signs apart, names and numbers that people choose."""


def follows(text: str, end: int) -> str:
    """The text before a word, with the blank that people leave there."""
    before = text[:end]
    return before if before[-1:].isspace() or before[-1:] in ("", "(", "[", "{") else f"{before} "


def assert_the_next_word_was_offered(search: str) -> None:
    for token in Machine(search).tokens():
        text = follows(search, token.start)
        place = Place(text)
        wanted = "value" if token.type in ("WORD", "STRING") else category(token)
        free = wanted in NOT_WORDS or token.type in ("MERGE_NAME", "_EDGE_TYPE") or place.standing.word in ("_ID", "_EXPAND")
        full_text = token.type == "STRING" and "WORD" not in place.allowed
        if free or full_text or place.standing.navigation is not None or "(edge_type=" in text[-13:]:
            continue
        assert wanted in {found.category for found in expect(text, FullWorld(KINDS))}, (text, token)


@pytest.mark.parametrize("search", SEARCHES)
def test_what_really_follows_was_expected(search: str) -> None:
    assert_the_next_word_was_offered(search)


@needed
@pytest.mark.parametrize("search", [entry["query"] for entry in queries() if entry["valid"]], ids=lambda search: search[:60])
def test_what_follows_in_real_searches_was_expected(search: str) -> None:
    assert_the_next_word_was_offered(search)
    for end in range(len(search) + 1):
        expect(search[:end], FullWorld(KINDS))


@pytest.mark.parametrize("search", SEARCHES)
def test_any_beginning_of_a_search_is_answered_with_what_may_stand_there(search: str) -> None:
    for end in range(len(search) + 1):
        for found in expect(search[:end], FullWorld(KINDS)):
            assert 0 <= found.start <= end
            assert may_be_a_beginning(search[: found.start] + found.text), found


def may_be_a_beginning(text: str) -> bool:
    try:
        return list(Machine(text).tokens()) != []
    except Mismatch:
        return False


@pytest.mark.parametrize("search", SEARCHES)
def test_any_beginning_of_a_search_has_tokens(search: str) -> None:
    for end in range(len(search) + 1):
        spans = tokens(search[:end])
        assert all(start < stop <= end for start, stop, _ in spans)
        assert [start for start, _, _ in spans] == sorted(start for start, _, _ in spans)


def test_anything_is_answered() -> None:
    pick = random.Random(5)
    for _ in range(500):
        text = "".join(
            pick.choice(['"', "`", "is(", "[", "{", "}", "-", "<", "a", ".", " ", "=", "in", "sort", ",", "日"]) for _ in range(12)
        )
        expect(text, World(KINDS))


def test_tokens() -> None:
    text = "is(volume) and age > 3d and a in [1, true, x] sort b <-- all"
    named = [f"{text[start:end]}:{category}" for start, end, category in tokens(text) if category != "punctuation"]
    assert " ".join(named) == (
        "is:function volume:kind and:operator age:property >:operator 3d:string and:operator a:property in:operator 1:number true:constant "
        "x:string sort:keyword b:property <-:navigation -:navigation all:keyword"
    )


def test_tokens_after_an_error_still_have_a_look() -> None:
    assert tokens('foo bla "bar" 3') == [(0, 3, "property"), (4, 7, "error"), (8, 13, "string"), (14, 15, "number")]


def test_tokens_of_anything() -> None:
    pick = random.Random(3)
    for _ in range(500):
        text = bytes(pick.randrange(256) for _ in range(30)).decode("latin-1")
        assert all(0 <= start < end <= len(text) for start, end, _ in tokens(text))
