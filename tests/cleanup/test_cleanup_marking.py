from __future__ import annotations

from resh.cleanup.marking import Marking, clean, protect, unclean, unprotect
from resh.clock import iso
from resh.graph.base import Document
from tests.cleanup_fakes import KINDS, FakeGraph, node


def test_clean_refuses_phantoms_protected_and_unknown_nodes() -> None:
    graph = FakeGraph(
        [node("a"), node("type", "aws_ec2_instance_type"), node("p", metadata={"protected": True, "protected_reason": "shop"})]
    )
    assert clean(graph.store, KINDS, ["a", "type", "p", "x"], reason="forgotten", by="ada", now=0) == [
        Marking("a", "aws_ec2_volume", "a", True),
        Marking("type", "aws_ec2_instance_type", "type", False, "aws_ec2_instance_type is no resource that can be deleted"),
        Marking("p", "aws_ec2_volume", "p", False, "protected: shop"),
        Marking("x", "", "", False, "not in the graph"),
    ]
    assert graph.documents["a"]["desired"] == {"clean": True, "clean_reason": "forgotten", "clean_by": "ada", "clean_at": iso(0)}
    assert graph.documents["p"]["desired"] == {}


def test_unclean_takes_the_whole_mark_away() -> None:
    graph = FakeGraph([node("a"), node("b")])
    clean(graph.store, KINDS, ["a"], reason="", by="ada", now=0)
    assert [(marking.done, marking.why) for marking in unclean(graph.store, ["a", "b"], by="ada")] == [(True, ""), (False, "not marked")]
    assert graph.documents["a"]["desired"] == {}


def test_protection_comes_and_goes_and_the_tag_stays() -> None:
    graph = FakeGraph([node("a"), node("tagged", tags={"resh:protected": ""}), node("type", "aws_ec2_instance_type")])
    assert [marking.done for marking in protect(graph.store, KINDS, ["a", "type"], reason="shop", by="ada", now=0)] == [True, False]
    assert without_sight(graph.documents["a"]) == {
        "protected": True,
        "protected_reason": "shop",
        "protected_by": "ada",
        "protected_at": iso(0),
    }
    freed, tagged = unprotect(graph.store, ["a", "tagged"], by="ada")
    assert freed.done
    assert (tagged.done, tagged.why) == (False, "protected by its tag resh:protected")
    assert without_sight(graph.documents["a"]) == {}


def without_sight(document: Document) -> dict[str, object]:
    """Metadata, but when it was last seen."""
    return {name: value for name, value in document["metadata"].items() if name != "last_seen"}
