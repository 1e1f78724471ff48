from __future__ import annotations

from resh.events.event import CleanupFailed, Event, Problem, ResourceCleaned
from resh.frontends.interactive.digest import LINES_A_SECOND, MOST_WAITING, Digest, Flood


def event(number: int) -> Event:
    return Problem(text=str(number), seq=number, severity="info")


def shown(items: list[Event | Flood]) -> list[str]:
    return [f"+{item.types.total()}" if isinstance(item, Flood) else item.text for item in items]


def test_few_events_are_lines() -> None:
    digest = Digest()
    assert digest.due(0) is None
    for number in range(3):
        digest.add(event(number), number / 10)
    assert digest.due(0.3) == 0.05
    assert shown(digest.take(0.3)) == ["0", "1", "2"]
    assert digest.due(0.3) is None


def test_a_thousand_a_second_become_one_line_a_second_and_all_are_counted() -> None:
    digest, printed, lines_in = Digest(), list[str](), dict[int, int]()
    for number in range(5000):
        now = number / 1000
        digest.add(event(number), now)
        if number % 50 == 49:  # as often as the prompt prints
            found = shown(digest.take(now))
            printed += found
            lines_in[int(now)] = lines_in.get(int(now), 0) + len(found)
    printed += shown(digest.take(5, whole=True))
    assert printed[:LINES_A_SECOND] == [str(number) for number in range(LINES_A_SECOND)]
    floods = printed[LINES_A_SECOND:]
    assert all(line.startswith("+") for line in floods)
    assert sum(int(line) for line in floods) == 5000 - LINES_A_SECOND
    assert [lines_in[second] for second in range(1, 5)] == [1, 1, 1, 1]


def test_a_flood_waits_for_its_second() -> None:
    digest = Digest()
    for number in range(LINES_A_SECOND + 10):
        digest.add(event(number), 0.5)
    assert len(digest.take(0.55)) == LINES_A_SECOND
    assert digest.take(0.6) == []
    assert digest.due(0.6) == 0.9
    assert shown(digest.take(1.5)) == ["+10"]


def test_after_a_flood_events_are_lines_again_in_their_order() -> None:
    digest = Digest()
    for number in range(LINES_A_SECOND + 10):
        digest.add(event(number), 0.0)
    digest.take(0.05)
    digest.add(event(1001), 1.0)  # the second after: nobody knows yet whether it is over
    digest.add(event(1002), 2.0)
    assert shown(digest.take(2.0)) == ["+11", "1002"]


def test_a_flood_long_ago_is_over() -> None:
    digest = Digest()
    for number in range(LINES_A_SECOND + 10):
        digest.add(event(number), 0.0)
    digest.take(1.0)
    digest.add(event(1001), 60.0)
    assert shown(digest.take(60.0)) == ["1001"]


def test_what_waits_for_a_prompt_is_bounded() -> None:
    digest = Digest()
    for number in range(1000):
        digest.add(event(number), float(number))
    items = digest.take(1000.0, whole=True)
    assert len(items) == MOST_WAITING + 1
    assert shown(items)[-1] == f"+{1000 - MOST_WAITING}"


def test_a_flood_says_what_came_and_where_to_read_it() -> None:
    flood = Flood(0.0)
    for number in range(1, 1201):
        flood.add(ResourceCleaned(seq=4711 + number, at=float(number)))
    flood.add(CleanupFailed(seq=5912, at=7.0))
    for type in ("a", "b"):
        flood.add(Problem(type=type, severity="warning", seq=5913))
    expected = "1,203 events: 1,200 resource_cleaned, 1 cleanup_failed, 1 a, 1 others (2 warnings, 1 error): events --after 4711"
    assert (flood.text, flood.severity) == (expected, "error")


def test_a_flood_that_is_not_kept_names_no_place() -> None:
    flood = Flood(0.0)
    flood.add(ResourceCleaned())
    assert flood.text == "1 event: 1 resource_cleaned"
