"""Lines of a script as whole inputs."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.commands import continuation
from resh.commands.continuation import LONGEST, State, inputs, lines
from resh.commands.line import is_open
from resh.errors import UsageError


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        (["a |", "b"], ["a |\nb"]),
        (["a |", "", "# c", "b"], ["a |\n\n# c\nb"]),
        (["a \\", "b\n"], ["a \\\nb"]),
        (["a \\|", "b"], ["a \\|", "b"]),
        (["echo 'a", "b'", "c"], ["echo 'a\nb'", "c"]),
        (["search (a", "  or b", ")", "c"], ["search (a\n  or b\n)", "c"]),
        (["json [1,", "2]", "c"], ["json [1,\n2]", "c"]),
        (["echo a)", "b"], ["echo a)", "b"]),
        (["echo '('", "b"], ["echo '('", "b"]),
        (["# it's a comment (", "a"], ["# it's a comment (", "a"]),
        (["echo it's", "a"], ["echo it's", "a"]),
        (["echo 'open"], ["echo 'open"]),
        (["\ufeffecho a", "b"], ["echo a", "b"]),
        (["echo 'a", "b", '"', "c' d", "e"], ["echo 'a\nb\n\"\nc' d", "e"]),
        (["echo 'a", "b"] + ["c"] * 30_000, ["echo 'a\nb" + "\nc" * 30_000]),
        ([], []),
    ],
)
def test_inputs(lines: list[str], expected: list[str]) -> None:
    assert list(inputs(lines)) == expected


@given(st.lists(st.text("ab #\\|;'\"([)] ", max_size=8), max_size=5))
def test_it_agrees_with_a_look_at_the_whole_text(lines: list[str]) -> None:
    state = State()
    for number, line in enumerate(lines):
        goes_on = state.goes_on(line)
        assert goes_on == is_open("\n".join(lines[: number + 1]), brackets=True)
        if not goes_on:
            return


def test_a_stream_is_read_line_by_line_and_no_further_than_it_has_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(lines(io.StringIO("a\nb"))) == ["a\n", "b"]
    monkeypatch.setattr(continuation, "LONGEST", 10)
    with pytest.raises(UsageError, match="an input has more than"):
        list(lines(io.StringIO("a" * 11)))
    with pytest.raises(UsageError, match="an input has more than"):
        list(inputs(["(a"] * 20))
    assert LONGEST > 10**6
