from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from resh.errors import CallFailed, GaveUp, UsageError
from resh.providers.actions import Target
from resh.providers.base import Care
from resh.providers.catalog import Action, Borrow, Call, Link, Resource
from resh.providers.ending import Contents, Snapshot
from resh.providers.session import Region
from tests.providers.provider_fakes import REGION, FakeSession, refused

BOX = Resource(
    "c_box",
    "A box.",
    Call("s", "boxes", "Boxes"),
    id="Id",
    borrow=(Borrow("c_type", "Type", {"cores": "cores"}),),
    edges=(Link("c_type", "Type"),),
    read={"Ids": ["{id}"]},
    gone=("NoBox",),
    ended="state == 'smashed'",
    fixed={"locked": "it is locked"},
    before_delete=(
        Action("open", {"Id": "{id}", "Lid": "{each.name}"}, each="lids", absent=("Open",)),
        Action("empty", {"Thing": "{each}"}, each=Call("s", "things", "Things[].Id", {"Box": "{id}"})),
    ),
    delete=Action("delete_box", {"Id": "{id}", "Where": "{region}"}),
    tag=Action("put_tags", {"Id": "{id}", "Tags": "{tag_list}"}),
    untag=Action("put_tags", {"Id": "{id}", "Tags": "{tag_list}"}),
)

BREAKABLE = replace(BOX, awaited="", broken="state == 'stuck' && (reason || `true`)")


def target(session: FakeSession, resource: Resource = BOX, **reported: Any) -> Target:
    document = {
        "reported": {"id": "b1", "kind": resource.kind, "cores": 4, **reported},
        "ancestors": {"region": {"reported": {"id": "r1"}}},
    }
    return Target(session, resource, document)


def session(**answers: Any) -> FakeSession:
    return FakeSession({(name, "r1"): answer for name, answer in answers.items()}, (Region("r1"),))


def done(session: FakeSession) -> list[tuple[str, Mapping[str, Any]]]:
    return [(operation, params) for operation, _, params in session.asked]


def test_read_finds_the_one_and_keeps_what_was_lent() -> None:
    cloud = session(boxes=[{"Boxes": [{"Id": "b0"}, {"Id": "b1", "Size": 8}]}])
    assert target(cloud).read() == {"id": "b1", "kind": "c_box", "name": "b1", "tags": {}, "size": 8, "cores": 4}
    assert done(cloud) == [("boxes", {"Ids": ["b1"]})]


@pytest.mark.parametrize("answer", [[{"Boxes": []}], refused("NoBox"), [{"Boxes": [{"Id": "b1", "State": "smashed"}]}]])
def test_read_of_what_is_gone(answer: Any) -> None:
    assert target(session(boxes=answer)).read() is None


def test_read_knows_of_the_parent_what_was_inherited() -> None:
    lid = Resource(
        "c_lid", "A lid.", Call("s", "lids", "Lids"), id="join('/', [_parent.id, Name])", each="c_box", inherits={"box": "id"},
        read={"Box": "{box}"},
    )  # fmt: skip
    cloud = session(lids=[{"Lids": [{"Name": "side"}, {"Name": "top"}]}])
    assert target(cloud, lid, id="b1/top", box="b1").read() == {
        "id": "b1/top", "kind": "c_lid", "name": "b1/top", "tags": {}, "box": "b1"
    }  # fmt: skip
    assert done(cloud) == [("lids", {"Box": "b1"})]


def test_read_that_fails() -> None:
    with pytest.raises(CallFailed, match="not for you"):
        target(session(boxes=refused("AccessDenied"))).read()


def test_delete_does_first_things_first() -> None:
    lids: dict[str, Any] = {"top": refused("Open")}
    cloud = session(open=lambda params: [lids.get(params["Lid"], {})], things=[{"Things": [{"Id": "t1"}]}])
    target(cloud, lids=[{"name": "top"}, {"name": "side"}]).delete()
    assert done(cloud) == [
        ("open", {"Id": "b1", "Lid": "top"}),
        ("open", {"Id": "b1", "Lid": "side"}),
        ("things", {"Box": "b1"}),
        ("empty", {"Thing": "t1"}),
        ("delete_box", {"Id": "b1", "Where": "r1"}),
    ]


def test_delete_of_what_is_gone_is_done() -> None:
    target(session(delete_box=refused("NoBox"))).delete()


def test_delete_that_is_refused() -> None:
    with pytest.raises(CallFailed, match="not for you") as found:
        target(session(delete_box=refused("InUse"))).delete()
    assert found.value.error == "InUse"


def test_what_must_not_be_deleted() -> None:
    cloud = session()
    with pytest.raises(UsageError, match="b1 cannot be deleted: it is locked"):
        target(cloud, locked=True).delete()
    with pytest.raises(UsageError, match="c_region cannot be deleted"):
        target(cloud, REGION).delete()
    assert cloud.asked == []


def test_tags_are_replaced_as_they_are_now() -> None:
    cloud = session(boxes=[{"Boxes": [{"Id": "b1", "Tags": [{"Key": "owner", "Value": "ada"}, {"Key": "old", "Value": "x"}]}]}])
    target(cloud, tags={"stale": "y"}).tag("team", "blue")
    target(cloud).untag("owner")
    written = [params["Tags"] for operation, params in done(cloud) if operation == "put_tags"]
    assert [{tag["Key"]: tag["Value"] for tag in tags} for tags in written] == [{"owner": "ada", "old": "x", "team": "blue"}, {"old": "x"}]


def test_a_kind_without_tags() -> None:
    with pytest.raises(UsageError, match="no tags that can be changed"):
        target(session(), REGION).tag("team", "blue")


BEFORE = Snapshot(
    Action("copy_box", {"Id": "{id}", "Name": "{snapshot}"}),
    when="worth_it",
    ids="Copies[].Id",
    status=Call("s", "copies", "Copies[].State", {"Id": "{each}"}),
)
AT_ONCE = Snapshot(Action("delete_box", {"Id": "{id}", "Keep": "{snapshot}"}))
FULL = Contents(
    "things",
    Call("s", "inside", "Inside", {"Box": "{id}"}),
    Action("throw_out", {"Box": "{id}", "Things": "{batch}"}),
    full=("NotEmpty",),
    size=2,
)


def test_a_snapshot_that_comes_before() -> None:
    cloud = session(
        copy_box=[{"Copies": [{"Id": "c1"}, {"Id": "c2"}]}], copies=lambda params: [{"Copies": [{"State": states[params["Id"]]}]}]
    )
    states: dict[str, str] = {"c1": "completed", "c2": "pending"}
    box = target(cloud, replace(BOX, snapshot=BEFORE), worth_it=True)
    assert box.keep("last") == ("c1", "c2")
    assert done(cloud) == [("copy_box", {"Id": "b1", "Name": "last"})]
    assert not box.is_kept(("c1", "c2"))
    states["c2"] = "completed"
    assert box.is_kept(("c1", "c2"))
    states["c1"] = "error"
    with pytest.raises(CallFailed, match="c1 is in the state error: nothing is deleted without it"):
        box.is_kept(("c1", "c2"))


def test_a_snapshot_that_the_cloud_does_not_name_is_none() -> None:
    with pytest.raises(CallFailed, match="no snapshot"):
        target(session(copy_box=[{"Copies": []}]), replace(BOX, snapshot=BEFORE), worth_it=True).keep("last")


def test_a_snapshot_whose_state_nobody_tells_is_not_complete() -> None:
    assert not target(session(copies=[{"Copies": []}]), replace(BOX, snapshot=BEFORE), worth_it=True).is_kept(("c1",))


def test_what_is_not_worth_a_snapshot_has_none() -> None:
    cloud = session()
    box = target(cloud, replace(BOX, snapshot=BEFORE), worth_it=False)
    assert box.keep("last") == ()
    assert target(cloud).keep("last") == ()
    assert cloud.asked == []
    box.delete(Care(snapshot="last"))
    assert done(cloud)[-1] == ("delete_box", {"Id": "b1", "Where": "r1"})


def test_a_snapshot_that_comes_with_the_deletion() -> None:
    cloud = session()
    box = target(cloud, replace(BOX, snapshot=AT_ONCE))
    assert box.keep("last") == ("last",)
    assert box.is_kept(("last",))
    assert cloud.asked == []
    box.delete(Care(snapshot="last"))
    assert done(cloud)[-1] == ("delete_box", {"Id": "b1", "Keep": "last"})
    box.delete()
    assert done(cloud)[-1] == ("delete_box", {"Id": "b1", "Where": "r1"})


def test_what_is_full_is_emptied_in_batches() -> None:
    cloud, gone = session(inside=[{"Inside": [1, 2, 3]}, {"Inside": []}, {"Inside": [4]}]), list[int]()
    target(cloud, replace(BOX, contents=FULL, before_delete=())).delete(Care(empty=True, go_on=gone.append))
    thrown = [params["Things"] for operation, params in done(cloud) if operation == "throw_out"]
    assert thrown == [[1, 2], [3], [4]]
    assert gone == [0, 2, 3, 4]
    assert done(cloud)[-1][0] == "delete_box"


def test_what_is_full_stays_when_nobody_wants_it_emptied() -> None:
    cloud = session(delete_box=refused("NotEmpty"))
    with pytest.raises(CallFailed, match=r"cleanup\.empty_buckets=true") as found:
        target(cloud, replace(BOX, contents=FULL, before_delete=())).delete()
    assert found.value.error == "NotEmpty"
    assert [operation for operation, _ in done(cloud)] == ["delete_box"]


def test_a_batch_that_is_refused_ends_it() -> None:
    cloud = session(inside=[{"Inside": [1, 2, 3]}], throw_out=refused("AccessDenied"))
    with pytest.raises(CallFailed, match="not for you"):
        target(cloud, replace(BOX, contents=FULL, before_delete=())).delete(Care(empty=True))
    assert [operation for operation, _ in done(cloud)] == ["inside", "throw_out"]


@pytest.mark.parametrize(
    ("awaited", "boxes", "going"),
    [
        (None, [{"Id": "b1"}], False),
        ("", [{"Id": "b1"}], True),
        ("", [], False),
        ("state == 'gone'", [{"Id": "b1", "State": "going"}], True),
        ("state == 'gone'", [{"Id": "b1", "State": "gone"}], False),
    ],
)
def test_what_takes_its_time_is_looked_for(awaited: str | None, boxes: list[dict[str, str]], going: bool) -> None:
    assert target(session(boxes=[{"Boxes": boxes}]), replace(BOX, awaited=awaited)).is_going() == going


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({}, {"State": "stuck", "Reason": "a lid is nailed on"}, "a lid is nailed on"),
        ({}, {"State": "stuck"}, "the cloud does not say why"),
        ({"state": "stuck", "reason": "old"}, {"State": "stuck", "Reason": "new"}, "new"),
    ],
)
def test_a_deletion_that_has_failed_says_why(before: dict[str, str], now: dict[str, str], said: str) -> None:
    cloud = session(boxes=[{"Boxes": [{"Id": "b1", **now}]}])
    with pytest.raises(GaveUp) as caught:
        target(cloud, BREAKABLE, **before).is_going()
    assert (caught.value.operation, caught.value.error) == ("s:DeleteBox", "DeletionFailed")
    assert caught.value.message == f"the cloud could not delete it: {said}"


def test_what_was_broken_before_has_not_failed_by_its_deletion() -> None:
    cloud = session(boxes=[{"Boxes": [{"Id": "b1", "State": "stuck", "Reason": "old"}]}])
    before = target(cloud, BREAKABLE).look()
    assert before is not None
    assert target(cloud, BREAKABLE, **before[1].reported).is_going()


@pytest.mark.parametrize(
    ("now", "told"),
    [([{"Id": 1, "State": "sick"}], False), ([], False), ([{"Id": 1}, {"Id": 3}], True), ([{"Id": 1}, {"Id": 2}, {"Id": 3}], True)],
)
def test_users_that_have_gone_are_no_change(now: list[Any], told: bool) -> None:
    cloud = session(boxes=[{"Boxes": [{"Id": "b1", "Users": now}]}])
    found = target(cloud, replace(BOX, loses={"users": "id"}), users=[{"id": 1, "state": "well"}, {"id": 2}]).read()
    assert found is not None
    assert ("users" in found) == told
