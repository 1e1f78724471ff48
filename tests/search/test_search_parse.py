"""Text to tree, and what people are told where that fails."""

from __future__ import annotations

import random
import string

import pytest

from resh.errors import ReshError, SyntaxProblem
from resh.record import Record
from resh.search import parse
from resh.search.terms import Combined, Context, Is, Not, Object, Predicate, Template, Term, Text, With
from resh.search.tree import Aggregate, Group, Limit, Measure, Merge, Navigation, Part, Query, Sort, Usage

DEFAULT = ("default",)


def one(text: str) -> Term:
    (part,) = parse(text).parts
    return part.term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("is(a, b)", Is(("a", "b"))),
        ('is(["a"])', Is(("a",))),
        ("a.b[*].c != null", Predicate("a.b[*].c", "!=", None)),
        ("a=-1.5", Predicate("a", "==", -1.5)),
        ("a ~ 007", Predicate("a", "=~", "007")),
        ("a=1e3", Predicate("a", "==", "1e3")),
        ("a=trueish", Predicate("a", "==", "trueish")),
        ("a  not   in [x, 1, [true], {}]", Predicate("a", "not in", ("x", 1, (True,), Object()))),
        ('a={"k": [1]}', Predicate("a", "==", Object((("k", (1,)),)))),
        ("a none > 3", Predicate("a", ">", 3, "none")),
        ("a < {{when.ago}}", Predicate("a", "<", Template("{{when.ago}}"))),
        ("age>2w", Predicate("age", ">", "2w")),
        (r'a ~ "\s\"\u00e9\/"', Predicate("a", "=~", '\\s"é/')),
        (r'a = "\ud83d\ude00"', Predicate("a", "==", "\N{GRINNING FACE}")),
        ("not a=1", Not(Predicate("a", "==", 1))),
        ("x[*].{a=1 and b=2}", Context("x[*]", Combined(Predicate("a", "==", 1), (("and", Predicate("b", "==", 2)),)))),
        ("sort = limit", Predicate("sort", "==", "limit")),
        ("all in [1]", Predicate("all", "in", (1,))),
        ('"full text"', Text("full text")),
    ],
)
def test_terms(text: str, term: Term) -> None:
    assert one(text) == term


@pytest.mark.parametrize(
    ("text", "navigation"),
    [
        ("-->", Navigation(DEFAULT)),
        ("<--", Navigation((), DEFAULT)),
        ("<-->", Navigation(DEFAULT, DEFAULT)),
        ("-[2]->", Navigation(DEFAULT, (), 2, 2)),
        ("<-[0:]-", Navigation((), DEFAULT, 0, None)),
        ("-[1..3]->", Navigation(DEFAULT, (), 1, 3)),
        ("-[1,250]->", Navigation(DEFAULT, (), 1, None)),
        ("-delete->", Navigation(("delete",))),
        ("<-default,delete[0:]->", Navigation(("default", "delete"), ("default", "delete"), 0, None)),
        ("<-default[1:2]delete->", Navigation(("delete",), DEFAULT, 1, 2)),
    ],
)
def test_navigations(text: str, navigation: Navigation) -> None:
    assert parse(f"all {text} all").parts == (Part(navigation=navigation), Part())
    assert parse(f"a=1 {text}").parts[0].navigation == navigation


def test_a_navigation_may_follow_a_word_directly() -> None:
    assert parse("a=1-->").parts[0] == parse("a=1 -->").parts[0]
    assert parse("a=x<-[0:]-").parts[0] == parse("a=x <-[0:]-").parts[0]


def test_and_and_or_are_read_from_left_to_right() -> None:
    a, b, c = (Predicate(name, "==", 1) for name in "abc")
    assert one("a=1 or b=1 and c=1") == one("(a=1 or b=1) and c=1") == Combined(a, (("or", b), ("and", c)))
    assert one("a=1 or (b=1 and c=1)") == Combined(a, (("or", Combined(b, (("and", c),))),))


@pytest.mark.parametrize(
    ("text", "mixes"),
    [("a=1 or b=1 and c=1", True), ("(a=1 or b=1) and c=1", False), ("a=1 and b=1", False), ("x[*].{a=1 and b=1 or c=1}", True)],
)
def test_mixing_them_without_brackets_is_noticed(text: str, mixes: bool) -> None:
    assert parse(text).mixes_operators is mixes


def test_every_option_of_a_part() -> None:
    text = (
        "with_usage(3w::2d, cpu, mem) a=1 {x[]: <-- is(b), y: -->} c=2 with(count >= 2, -[0:]-> all with(empty, <--)) "
        "#tag sort a desc, b limit 5, 3 reversed"
    )
    (part,) = parse(text).parts
    assert part == Part(
        term=Predicate("a", "==", 1),
        merges=(
            Merge("x", True, Query((Part(navigation=Navigation((), DEFAULT)), Part(Is(("b",)))))),
            Merge("y", False, Query((Part(navigation=Navigation(DEFAULT)), Part()))),
        ),
        after=Predicate("c", "==", 2),
        with_=With("count", Navigation(DEFAULT, (), 0, None), inner=With("empty", Navigation((), DEFAULT)), operator=">=", number=2),
        usage=Usage(21 * 86400.0, 2 * 86400.0, ("cpu", "mem")),
        tag="tag",
        sort=(Sort("a", True), Sort("b")),
        limit=Limit(5, 3),
        backwards=True,
    )


def test_arithmetic_takes_properties_and_numbers() -> None:
    text = "aggregate(sum(volume_size * /ancestors.volume_type.reported.ondemand_cost / 2) as cost):all"
    cost = "/ancestors.volume_type.reported.ondemand_cost"
    assert parse(text).aggregate == Aggregate((), (Measure("sum", "volume_size", (("*", cost), ("/", 2)), "cost"),))
    assert str(parse(text)) == text


def test_aggregates_and_the_edge_type_of_a_preamble() -> None:
    query = parse('aggregate(kind, "{a}-{b}" as ab: sum(size * 2 / 3) as total, count(x))(edge_type=delete): all <-[1:]- all --> all')
    assert query.aggregate == Aggregate(
        (Group("kind"), Group("{a}-{b}", "ab", True)), (Measure("sum", "size", (("*", 2), ("/", 3)), "total"), Measure("count", "x"))
    )
    assert query.aggregate.outputs == ("kind", "ab", "total", "count_of_x")
    assert [part.navigation for part in query.parts[:-1]] == [Navigation((), ("delete",), 1, None), Navigation(("delete",))]


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "a search is missing"),
        ("foo bla bar", 4, "'bla' does not fit: expected =, !=, <"),
        ("is(volume", 9, "ends too early: expected ) or a comma"),
        ("is(volume) an", 11, "'an' does not fit: expected and, or, -->"),
        ("is(volume) and sort x", 20, "'x' does not fit"),
        ("is(a) -foo-> all", 7, "expected ->, default, delete, { or ["),
        ("is(a) sort", 10, "ends too early: expected a property"),
        ("with(any, is(x))", 10, "expected --> or <--"),
        ("a = )", 4, "')' does not fit: expected a value"),
        ("(a=1", 4, "expected and, or or )"),
    ],
)
def test_errors_name_the_place_and_what_may_stand_there(text: str, position: int, says: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert (caught.value.position, caught.value.exit_code) == (position, 2)
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [("a='x'", "double quotes"), ('a="x', "closing quote"), ("all, b=2", "with and"), ("all limit 1 sort a", "before limit")],
)
def test_common_mistakes_get_a_hint(text: str, hint: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert hint in caught.value.hint


@pytest.mark.parametrize("text", ["all -[3:1]-> all", "all -[251:]-> all"])
def test_impossible_ranges_are_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="a navigation cannot") as caught:
        parse(text)
    assert caught.value.position == 6


@pytest.mark.parametrize("text", ["(" * 50_000, "not " * 50_000, "a=" + "[" * 50_000, "x[*].{" * 50_000, "not " * 100 + "a=1"])
def test_deep_nesting_ends_quickly(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="too deeply"):
        parse(text)


def test_long_chains_are_no_nesting() -> None:
    text = " and ".join(f"a{number}=1" for number in range(2_000))
    assert parse(str(parse(text))) == parse(text)


def test_random_bytes_give_clean_errors() -> None:
    pick = random.Random(7)
    words = [
        "is(",
        "a",
        "=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "-->",
        "<-",
        "and",
        "not",
        '"',
        "\\",
        "with(any,",
        "sort",
        "limit 1",
        "aggregate(",
        ":",
        ",",
    ]
    for number in range(2_000):
        if number % 2:
            text = bytes(pick.randrange(256) for _ in range(pick.randrange(40))).decode("latin-1")
        else:
            text = "".join(pick.choice([*words, *string.printable, " "]) for _ in range(pick.randrange(25)))
        try:
            query = parse(text)
        except ReshError:
            continue
        assert parse(str(query)) == query


def test_records_are_values() -> None:
    assert Sort("a") == Sort(path="a", descending=False) != Sort("b")
    assert len({Sort("a"), Sort("a"), Sort("a", True)}) == 2
    assert Sort("a").changed(descending=True) == Sort("a", True)
    assert repr(Sort("a")) == "Sort(path='a', descending=False)"
    assert Combined(Is(("a",)), (), bracketed=True) == Combined(Is(("a",)), ())
    for wrong in ((), ("a", True, 1)):
        with pytest.raises((TypeError, ValueError)):
            Sort(*wrong)
    with pytest.raises(TypeError):
        Sort("a", colour="red")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Sort("a").path = "b"  # type: ignore[misc]
    assert isinstance(Sort("a"), Record)


@pytest.mark.parametrize(
    ("period", "canonical"),
    [("1234567s", "1234567s"), ("0.00001s", "0.00001s"), ("90m", "90m"), ("48h", "2d"), ("1.5s", "1.5s"), ("9" * 400 + "w", "500000d")],
)
def test_periods_are_written_as_they_can_be_read(period: str, canonical: str) -> None:
    query = parse(f"with_usage({period}, [cpu]) all")
    assert f"with_usage({canonical}, [cpu])" in str(query)
    assert parse(str(query)) == query
