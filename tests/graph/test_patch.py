from __future__ import annotations

from json import dumps
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from resh.graph.patch import back, patched, paths

OLD = {"same": 1, "size": 8, "gone": "x", "tags": {"owner": "ada", "k8s.io/app": "a"}, "list": [1, 2], "shape": {"a": 1}, "none": {}}
NEW = {"same": 1, "size": 9, "new": "y", "tags": {"owner": "bob"}, "list": [1], "shape": "flat", "none": 1}
documents = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.just(1.0) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
).filter(lambda value: isinstance(value, dict))


def test_the_way_back() -> None:
    patch = back(NEW, OLD)
    assert patched(NEW, patch) == OLD
    assert paths(patch) == {
        "size": 8,
        "gone": "x",
        "new": None,
        "tags.owner": "ada",
        "tags.`k8s.io/app`": "a",
        "list": [1, 2],
        "shape.a": 1,
        "none": {},
    }


def test_a_patch_merges_and_null_removes() -> None:
    assert patched({"a": 1, "b": {"c": 1, "d": 2}}, {"a": None, "b": {"c": None}, "e": [1]}) == {"b": {"d": 2}, "e": [1]}


def test_true_is_not_one() -> None:
    assert back({"on": True, "all": [True]}, {"on": 1, "all": [1]}) == {"on": 1, "all": [1]}


def test_null_and_missing_are_the_same() -> None:
    assert back({"a": None, "b": {"c": 1}}, {"b": {"c": 1, "d": None}}) == {}


@given(documents, documents)
def test_there_and_back(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Exactly: true is not 1, and 1 is not 1.0."""
    assert dumps(without_nulls(patched(new, back(new, old))), sort_keys=True) == dumps(without_nulls(old), sort_keys=True)


def without_nulls(value: Any) -> Any:
    """Those of objects; what stands in a list stays."""
    return {key: without_nulls(item) for key, item in value.items() if item is not None} if isinstance(value, dict) else value
