from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from resh.errors import CallFailed, UsageError
from resh.providers.actions import Target
from resh.providers.catalog import Action, Borrow, Call, Link, Resource
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
