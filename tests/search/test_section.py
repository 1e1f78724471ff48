"""Searches whose paths are about another section."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from resh.search import parse
from resh.search.section import checked, led, within


@pytest.mark.parametrize(
    ("path", "section", "expected"),
    [
        ("protected", "metadata", "/metadata.protected"),
        ("a[*].`b c`", "desired", "/desired.a[*].`b c`"),
        ("reported.name", "/", "/reported.name"),
        ("/reported.name", "metadata", "/reported.name"),
        ("age", "metadata", "age"),
        ("account", "metadata", "account"),
        ("account.id", "metadata", "account.id"),
        ("ancestors.vpc.reported.id", "metadata", "ancestors.vpc.reported.id"),
        ("kind", "metadata", "/metadata.kind"),
        (".", "metadata", "."),
        ("name", "", "name"),
    ],
)
def test_a_path_begins_at_the_section(path: str, section: str, expected: str) -> None:
    assert led(path, section) == expected
    assert led(expected, section) == expected


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("is(volume) and a = 1 or not has_key(b, c)", "is(volume) and /metadata.a = 1 or not has_key(/metadata.b, c)"),
        ("a[*].{b = 1 and c = 2}", "/metadata.a[*].{b = 1 and c = 2}"),
        ("a = 1 sort b desc, age limit 3", "/metadata.a = 1 sort /metadata.b desc, age limit 3"),
        ("a = 1 -delete{since > 1}-> b = 2", "/metadata.a = 1 -delete{since > 1}-> /metadata.b = 2"),
        ("all with(any, --> a = 1)", "all with(any, --> /metadata.a = 1)"),
        ("all {x: <-- a = 1} x.reported.b = 2 and c = 3", "all {x: <-- /metadata.a = 1} x.reported.b = 2 and /metadata.c = 3"),
        (
            'aggregate(a, "{b} x" as t: sum(c * d) as s, max(e)): f = 1 sort s',
            'aggregate(/metadata.a as a, "{/metadata.b} x" as t: sum(/metadata.c * /metadata.d) as s, max(/metadata.e) as max_of_e): '
            "/metadata.f = 1 sort s",
        ),
    ],
)
def test_a_search_is_about_the_section(search: str, expected: str) -> None:
    found = within(parse(search), "metadata")
    assert str(found) == str(parse(expected)) or found == parse(expected)
    assert within(found, "metadata") == found
    assert within(parse(search), "") == parse(search)


def test_there_are_not_many_sections() -> None:
    assert [checked(one) for one in ("reported", "", "/", "metadata", "/desired")] == ["", "", "/", "metadata", "desired"]
    with pytest.raises(UsageError, match="there is no section 'metdata'"):
        checked("metdata")
