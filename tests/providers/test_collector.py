from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.model.node import node_id
from resh.model.scope import Code, Status
from resh.providers.catalog import Borrow, Call, Detail, Link, Resource
from resh.providers.collector import Options
from resh.providers.hot import Hot
from resh.providers.limiter import Place
from resh.providers.pool import Pending
from resh.providers.selection import Selection
from resh.providers.session import GLOBAL, Region
from tests.providers.provider_fakes import FakeSession, Listener, Recorder, collect, refused

REGIONS = (Region("r1"), Region("r2"))
BOX = Resource("c_box", "A box.", Call("s", "boxes", "Boxes"), id="Id")
LID = Resource("c_lid", "A lid.", Call("s", "lids", "Lids"), id="Id", edges=(Link("c_box", "Box", delete=True),))


def world(**answers: Any) -> FakeSession:
    """`boxes_r1=[page, …]` is the answer of `boxes` in r1."""
    return FakeSession({tuple(name.split("_", 1)): pages for name, pages in answers.items()}, REGIONS)  # type: ignore[misc]


def test_account_and_regions_hold_everything() -> None:
    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}]), BOX)
    assert sink.links() == {"1 > global", "1 > r1", "1 > r2", "r1 > b1"}
    assert sink.bad() == {}
    assert set(sink.reports) == {
        (GLOBAL, "c_account"),
        *((region, "c_region") for region in (GLOBAL, "r1", "r2")),
        ("r1", "c_box"),
        ("r2", "c_box"),
    }
    assert sink.reports["r1", "c_box"].count == 1


def test_pages_are_joined_and_repetitions_dropped() -> None:
    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}, {"Id": "b2"}]}, {}, {"Boxes": [{"Id": "b2"}]}]), BOX)
    assert sink.ids("c_box") == ["b1", "b2"]
    assert sink.reports["r1", "c_box"].count == 2


CRATE = Resource("c_crate", "A crate.", Call("s", "crates", "Crates", join=Call("s", "marks", "Marks"), on="Id"), id="Id", prefix="crate")


def test_a_second_listing_is_joined_whole_and_an_item_keeps_what_it_tells_itself() -> None:
    crates = [{"Crates": [{"Id": "c1", "Size": 1}, {"Id": "c2"}]}, {"Crates": [{"Id": "c3"}, {"Size": 9}]}]
    one, two = [{"Id": "c3", "Text": "this side up"}, {"Id": "c9", "Text": "lost"}], [{"Id": "c1", "Size": 5, "Text": "wet"}]
    odd, wait = ["odd", {"Text": "nobody's"}, {"Id": ["c1"]}], Pending(Place("1", "r1", "s", "s:Marks"), 0.001)
    session = world(crates_r1=crates, marks_r1=[{"Marks": one}, wait, {"Marks": two}, {"Marks": odd}])
    sink = collect(session, CRATE)
    assert {id: sink.node(id).reported for id in sink.ids("c_crate")} == {
        "c1": {"id": "c1", "kind": "c_crate", "name": "c1", "tags": {}, "crate_size": 1, "crate_text": "wet"},
        "c2": {"id": "c2", "kind": "c_crate", "name": "c2", "tags": {}},
        "c3": {"id": "c3", "kind": "c_crate", "name": "c3", "tags": {}, "crate_text": "this side up"},
    }
    assert [asked for asked, region, _ in session.asked if region == "r1"] == ["marks", "crates"]
    assert sink.reports["r1", "c_crate"].message == "record {'Size': 9} cannot be read: it has no Id"


def test_without_the_second_listing_nothing_is_taken() -> None:
    sink = collect(world(crates_r1=[{"Crates": [{"Id": "c1"}]}], marks_r1=refused("No", Status.DENIED)), CRATE)
    assert sink.bad() == {("r1", "c_crate"): Status.DENIED}
    assert sink.ids("c_crate") == []


@pytest.mark.parametrize("status", [Status.DENIED, Status.THROTTLED, Status.FAILED, Status.SKIPPED])
def test_an_error_ends_its_own_scope_only(status: Status) -> None:
    sink = collect(
        world(boxes_r1=refused("No", status), boxes_r2=[{"Boxes": [{"Id": "b2"}]}], lids_r1=[{"Lids": [{"Id": "l1"}]}]), BOX, LID
    )
    assert sink.bad() == {("r1", "c_box"): status}
    report = sink.reports["r1", "c_box"]
    assert (report.operation, report.code, report.message) == ("s:Operation", "No", "not for you")
    assert sink.ids("c_box") == ["b2"]
    assert sink.ids("c_lid") == ["l1"]


def test_a_region_that_is_stopped_ends_at_its_next_call_and_the_others_go_on() -> None:
    cancel = Cancel()

    def stopping() -> Iterator[Any]:
        yield {"Boxes": [{"Id": "b1"}]}
        cancel.set_part("r1", "stopped by ada")
        yield {"Boxes": [{"Id": "b2"}]}
        raise AssertionError("nothing is asked any more")

    session = world(boxes_r1=lambda params: stopping(), boxes_r2=[{"Boxes": [{"Id": "b3"}]}])
    sink = collect(session, BOX, LID, cancel=cancel)
    assert sink.bad()["r1", "c_box"] == Status.FAILED
    report = sink.reports["r1", "c_box"]
    assert (report.code, report.message, report.operation) == (Code.STOPPED, "stopped by ada", "s:Boxes")
    assert sink.reports["r2", "c_box"].status == sink.reports["r2", "c_lid"].status == Status.OK
    assert sink.ids("c_box") == ["b1", "b2", "b3"]


@pytest.mark.parametrize(("stopped", "noted"), [(GLOBAL, []), ("r1", ["r1"])])
def test_a_region_is_that_of_the_scope_wherever_its_calls_go(stopped: str, noted: list[str]) -> None:
    cancel = Cancel()
    note = Detail(Call("s", "note", "Note", {"Name": "{name}"}), into="Note")
    bucket = Resource("c_bucket", "A bucket.", Call("s", "buckets", "Buckets"), id="Id", region="Place", is_global=True, details=(note,))

    def buckets(params: Mapping[str, Any]) -> Iterator[Any]:
        cancel.set_part(stopped, "stopped by ada")
        yield {"Buckets": [{"Id": "k", "Place": "r1"}]}

    session = world(buckets_global=buckets, note_r1=[{"Note": "hello"}])
    sink = collect(session, bucket, cancel=cancel)
    assert [region for operation, region, _ in session.asked if operation == "note"] == noted
    assert ((GLOBAL, "c_bucket") in sink.bad()) is (stopped == GLOBAL)


def test_nothing_is_asked_in_a_region_that_was_stopped_before() -> None:
    cancel = Cancel()
    cancel.set_part("r1", "stopped by ada")
    session = world()
    sink = collect(session, BOX, cancel=cancel)
    assert [region for operation, region, _ in session.asked if operation == "boxes"] == ["r2"]
    assert sink.bad() == {("r1", "c_box"): Status.FAILED}


def test_what_came_before_the_error_stays() -> None:
    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}, refused("Gone")]), BOX)
    assert sink.ids("c_box") == ["b1"]
    assert sink.bad() == {("r1", "c_box"): Status.DENIED}


@pytest.mark.parametrize("odd", [{"Id": None}, {}, "text", 7, {"Id": ["x"]}, {"Id": "x", "What": object()}])
def test_one_odd_record_fails_the_scope_and_the_rest_stands(odd: Any) -> None:
    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}, odd, {"Id": "b2"}]}]), BOX)
    assert sink.ids("c_box") == ["b1", "b2"]
    assert sink.bad() == {("r1", "c_box"): Status.FAILED}
    assert sink.reports["r1", "c_box"].code == "OddRecord"


def test_an_answer_of_another_shape_fails_the_scope() -> None:
    spaced = Resource("c_box", "A box.", Call("s", "boxes", "join(',', Boxes)"), id="Id")
    assert collect(world(boxes_r1=[{"Boxes": 7}]), spaced).bad()["r1", "c_box"] is Status.FAILED


def test_edges_within_the_region_and_to_unread_scopes() -> None:
    session = world(
        boxes_r1=[{"Boxes": [{"Id": "b"}]}],
        boxes_r2=refused("No"),
        lids_r1=[{"Lids": [{"Id": "l1", "Box": "b"}]}],
        lids_r2=[{"Lids": [{"Id": "l2", "Box": "b"}]}],
    )
    sink = collect(session, BOX, LID)
    assert "b > l1" in sink.links()
    assert sink.links("delete") == {"b > l1"}
    unread = node_id("c", "1", "r2", "c_box", "b")
    assert {edge.type for edge in sink.drawn if edge.source == unread} == {"default", "delete"}
    assert {edge.owner for edge in sink.drawn if edge.source == unread} == {sink.node("l2").id}


def test_no_edge_to_what_was_read_and_is_not_there() -> None:
    sink = collect(world(lids_r1=[{"Lids": [{"Id": "l1", "Box": "b"}]}]), BOX, LID)
    assert {edge.source for edge in sink.drawn if edge.target == sink.node("l1").id} == {node_id("c", "1", "r1", "c_region", "r1")}


def test_global_kinds_are_found_from_everywhere() -> None:
    role = Resource("c_role", "A role.", Call("s", "roles", "Roles"), id="Id", arn="Arn", is_global=True)
    user = Resource(
        "c_job", "A job.", Call("s", "jobs", "Jobs"), id="Id", edges=(Link("c_role", "Role", by="arn", child=True, delete="reverse"),)
    )
    sink = collect(
        world(roles_global=[{"Roles": [{"Id": "r", "Arn": "arn:r"}]}], jobs_r2=[{"Jobs": [{"Id": "j", "Role": "arn:r"}]}]), role, user
    )
    assert {"global > r", "r2 > j", "j > r"} <= sink.links()
    assert sink.links("delete") == {"r > j"}


def test_a_node_may_live_elsewhere_than_it_is_listed() -> None:
    place = Detail(Call("s", "place", "Place", {"Name": "{id}"}), into="Place")
    note = Detail(Call("s", "note", "Note", {"Name": "{name}"}), into="Note")
    bucket = Resource(
        "c_bucket", "A bucket.", Call("s", "buckets", "Buckets"), id="Id", region="Place", is_global=True, details=(place, note)
    )
    session = world(buckets_global=[{"Buckets": [{"Id": "k"}, {"Id": "far"}]}], note_r1=[{"Note": "hello"}])
    session.answers["place", GLOBAL] = lambda params: [{"Place": "r1" if params["Name"] == "k" else "r9"}]
    sink = collect(session, bucket)
    node = sink.node("k")
    assert (node.region, node.scope.region, node.reported["note"]) == ("r1", GLOBAL, "hello")
    assert ("note", "r1", {"Name": "k"}) in session.asked
    assert {"r1 > k", "r9 > far", "1 > r9"} <= sink.links()


def test_a_detail_that_is_absent_is_no_failure_and_one_denied_keeps_the_node_back() -> None:
    tags = Detail(Call("s", "tags", "Tags", {"Id": "{id}"}), into="Tags", absent=("NoTags",))
    box = Resource("c_box", "A box.", Call("s", "boxes", "Boxes"), id="Id", details=(tags,), gone=("Vanished",))

    def answer(params: Mapping[str, Any]) -> list[Any]:
        problems = {"b2": refused("NoTags"), "b3": refused("AccessDenied"), "b4": refused("Vanished")}
        return [problems.get(params["Id"], {"Tags": [{"Key": "owner", "Value": "ada"}]})]

    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": f"b{number}"} for number in range(1, 5)]}], tags_r1=answer), box)
    assert sink.ids("c_box") == ["b1", "b2"]
    assert sink.node("b1").reported["tags"] == {"owner": "ada"}
    report = sink.reports["r1", "c_box"]
    assert (report.status, report.code, report.message) == (Status.DENIED, "AccessDenied", "b3: not for you")


def test_a_detail_without_a_place_is_what_the_item_lacks_and_nothing_says_that_it_has_gone() -> None:
    described = Detail(Call("s", "describe", "Box", {"Id": "{id}"}), into="")
    box = Resource("c_box", "A box.", Call("s", "boxes", "Names[].{Id: @}"), id="Id", prefix="box", details=(described,))
    session = world(boxes_r1=[{"Names": ["b1", "b2"]}])
    session.answers["describe", "r1"] = lambda params: [{"Box": {"Size": 8}} if params["Id"] == "b1" else {"Box": None}]
    sink = collect(session, box)
    assert sink.ids("c_box") == ["b1"]
    assert sink.node("b1").reported["box_size"] == 8
    assert sink.bad() == {}


def test_what_is_only_listed_by_name_is_described_many_at_a_time() -> None:
    describe = Call("s", "describe", "Boxes", {"Ids": "{batch}", "Where": "{region}"})
    box = Resource("c_box", "A box.", Call("s", "boxes", "Names", describe=describe, batch=2), id="Id")
    session = world(boxes_r1=[{"Names": ["b1", "b2", "b3"]}, {"Names": []}, {"Names": ["b4"]}])
    session.answers["describe", "r1"] = lambda params: [{"Boxes": [{"Id": id} for id in params["Ids"]]}]
    sink = collect(session, box)
    assert sink.ids("c_box") == ["b1", "b2", "b3", "b4"]
    assert [params["Ids"] for operation, region, params in session.asked if (operation, region) == ("describe", "r1")] == [
        ["b1", "b2"],
        ["b3"],
        ["b4"],
    ]


KEY = Resource(
    "c_key",
    "A key.",
    Call("s", "keys", "Keys", {"Box": "{name}"}),
    id="join('/', [_parent.id, Name])",
    each="c_box",
    edges=(Link("c_box", "_parent.id"),),
    gone=("NoBox",),
)


def test_nested_calls_for_each_parent() -> None:
    session = world(boxes_r1=[{"Boxes": [{"Id": "b1"}, {"Id": "b2"}]}])
    session.answers["keys", "r1"] = lambda params: [{"Keys": [{"Name": "k"}]}] if params["Box"] == "b1" else [refused("NoBox")]
    sink = collect(session, KEY, BOX)
    assert sink.ids("c_key") == ["b1/k"]
    assert "b1 > b1/k" in sink.links()
    assert "_parent" not in sink.node("b1/k").reported
    assert sink.bad() == {}


def test_one_that_vanishes_while_many_are_described_makes_no_scope_complete() -> None:
    """The others of its batch are not in the answer either: nobody may take them for gone."""
    describe = Call("s", "describe", "Boxes", {"Ids": "{batch}"})
    box = Resource("c_box", "A box.", Call("s", "boxes", "Names", describe=describe), id="Id", gone=("NoBox",))
    session = world(boxes_r1=[{"Names": ["b1", "b2"]}])
    session.answers["describe", "r1"] = [refused("NoBox")]
    assert collect(session, box).reports["r1", "c_box"].code == "NoBox"


def test_what_is_inside_a_parent_needs_no_call_and_inherits() -> None:
    box = Resource("c_box", "A box.", Call("s", "boxes", "Boxes"), id="Id")
    lid = Resource(
        "c_lid", "A lid.", box.call, id="join('/', [_parent.id, name])", each="c_box", within="lids[].{name: @}", inherits={"box": "id"}
    )
    session = world(boxes_r1=[{"Boxes": [{"Id": "b1", "Lids": ["top", "side"]}, {"Id": "b2"}]}])
    sink = collect(session, box, lid)
    assert sink.ids("c_lid") == ["b1/side", "b1/top"]
    assert sink.node("b1/top").reported["box"] == "b1"
    assert [operation for operation, region, _ in session.asked if region == "r1"] == ["boxes"]


def test_only_parents_of_a_sort_are_asked() -> None:
    def lids(params: Mapping[str, Any]) -> list[Any]:
        return [{"Lids": [{"Id": f"lid of {params['Box']}"}]}]

    lid = Resource("c_lid", "A lid.", Call("s", "lids", "Lids", {"Box": "{id}"}), id="Id", each="c_box", parents="open")
    sink = collect(
        world(boxes_r1=[{"Boxes": [{"Id": "b1", "Open": True}, {"Id": "b2", "Open": False}, {"Id": "b3"}]}], lids_r1=lids), BOX, lid
    )
    assert sink.ids("c_lid") == ["lid of b1"]
    assert sink.bad() == {}


def test_nested_kinds_are_followed_down_and_round_in_no_circle() -> None:
    inside = {"b1": ["d1"], "d1": ["d2", "d3"], "d3": ["d4"], "d4": ["d1"]}

    def drawers(params: Mapping[str, Any]) -> list[Any]:
        return [{"Drawers": [{"Id": id} for id in inside.get(params["In"], ())]}]

    drawer = Resource(
        "c_drawer", "A drawer.", Call("s", "drawers", "Drawers", {"In": "{id}"}), id="Id", each="c_box", nested=True,
        inherits={"parent": "id"}, edges=(Link("c_box", "_parent.id"), Link("c_drawer", "_parent.id", delete=True)),
    )  # fmt: skip
    session = world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}], drawers_r1=drawers)
    sink = collect(session, BOX, drawer)
    assert sink.ids("c_drawer") == ["d1", "d2", "d3", "d4"]
    assert sink.links("delete") == {"d1 > d2", "d1 > d3", "d3 > d4"}
    assert "b1 > d1" in sink.links()
    assert sink.node("d4").reported["parent"] == "d3"
    assert [params["In"] for name, _, params in session.asked if name == "drawers"].count("d1") == 1


def test_a_nested_listing_that_fails_is_the_failure_of_the_kind() -> None:
    def drawers(params: Mapping[str, Any]) -> list[Any]:
        return [{"Drawers": [{"Id": "d1"}]} if params["In"] == "b1" else refused("No")]

    drawer = Resource("c_drawer", "A drawer.", Call("s", "drawers", "Drawers", {"In": "{id}"}), id="Id", each="c_box", nested=True)
    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}], drawers_r1=drawers), BOX, drawer)
    assert sink.bad() == {("r1", "c_drawer"): Status.DENIED}
    assert sink.ids("c_drawer") == ["d1"]


def test_a_kind_may_live_in_regions_and_in_none() -> None:
    box = Resource(
        "c_box", "A box.", Call("s", "boxes", "Boxes"), id="Id", global_call=Call("s", "boxes", "Boxes", {"Where": "everywhere"})
    )
    session = world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}], boxes_global=[{"Boxes": [{"Id": "b2"}]}], boxes_r2=refused("No"))
    sink = collect(session, box)
    assert {"r1 > b1", "global > b2"} <= sink.links()
    assert sink.bad() == {("r2", "c_box"): Status.DENIED}
    assert ("boxes", GLOBAL, {"Where": "everywhere"}) in session.asked
    assert ("boxes", "r1", {}) in session.asked


def test_an_account_may_be_a_parent_and_an_end_of_edges() -> None:
    club = Resource(
        "c_club", "A club.", Call("s", "clubs", "Clubs"), id="Id", each="c_account", is_global=True,
        edges=(Link("c_account", "Members", child=True, account=True),),
    )  # fmt: skip
    sink = collect(world(clubs_global=[{"Clubs": [{"Id": "k1", "Members": ["1", "2"]}]}]), club)
    assert "k1 > 1" in sink.links()
    other = node_id("c", "2", GLOBAL, "c_account", "2")
    assert [edge.source for edge in sink.drawn if edge.target == other] == [sink.node("k1").id]


def test_a_listing_may_say_by_an_error_that_there_is_none() -> None:
    hub = Resource("c_hub", "A hub.", Call("s", "hub", "@", absent=("NotSwitchedOn",)), id="Id")
    sink = collect(world(hub_r1=refused("NotSwitchedOn"), hub_r2=refused("AccessDenied")), hub)
    report = sink.reports["r1", "c_hub"]
    assert (report.status, report.count) == (Status.OK, 0)
    assert sink.bad() == {("r2", "c_hub"): Status.DENIED}


def test_what_is_described_one_by_one() -> None:
    box = Resource(
        "c_box", "A box.", Call("s", "names", "Names", describe=Call("s", "boxes", "Boxes", {"Name": "{batch}"}), batch=1), id="Id"
    )
    sink = collect(world(names_r1=[{"Names": ["a", "b"]}], boxes_r1=lambda params: [{"Boxes": [{"Id": params["Name"]}]}]), box)
    assert sink.ids("c_box") == ["a", "b"]


def test_children_of_an_unread_parent_count_as_unread() -> None:
    sink = collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}, refused("No")], keys_r1=[{"Keys": [{"Name": "k"}]}]), BOX, KEY)
    assert sink.bad() == {("r1", "c_box"): Status.DENIED, ("r1", "c_key"): Status.DENIED}
    assert sink.ids("c_key") == ["b1/k"]


def test_only_the_kinds_asked_for() -> None:
    session = world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}], keys_r1=[{"Keys": [{"Name": "k"}]}])
    sink = collect(session, BOX, KEY, LID, options=Options(collect=("c_k*",)))
    assert sink.ids("c_key") == ["b1/k"]
    assert sink.ids("c_box") == []
    assert {kind for _, kind in sink.reports} == {"c_account", "c_region", "c_key"}
    left = collect(session, BOX, KEY, LID, options=Options(no_collect=("*key", "c_lid")))
    assert {kind for _, kind in left.reports} == {"c_account", "c_region", "c_box"}


TYPE = Resource("c_type", "A type.", Call("s", "types", "Types"), id="Id", phantom=True)
ENGINE = Resource(
    "c_engine",
    "An engine.",
    Call("s", "engines", "Engines"),
    id="Id",
    borrow=(Borrow("c_type", "Type", {"cores": "cores"}),),
    edges=(Link("c_type", "Type"),),
)


def engines(**more: Any) -> FakeSession:
    types = [{"Types": [{"Id": "small", "Cores": 2}, {"Id": "large", "Cores": 64}]}]
    return world(
        **{"types_r1": types, "types_r2": types, "engines_r1": [{"Engines": [{"Id": "e1", "Type": "small"}, {"Id": "e2"}]}], **more}
    )


def test_borrowed_properties() -> None:
    sink = collect(engines(), ENGINE, TYPE)
    assert sink.node("e1").reported["cores"] == 2
    assert "cores" not in sink.node("e2").reported
    assert sink.ids("c_type") == ["large", "large", "small", "small"]


def test_only_used_types_stay() -> None:
    sink = collect(engines(), ENGINE, TYPE, options=Options(used_only=frozenset(("c_type",))))
    assert sink.ids("c_type") == ["small"]
    assert "small > e1" in sink.links()
    assert sink.bad() == {}
    assert (sink.reports["r1", "c_type"].count, sink.reports["r2", "c_type"].count) == (1, 0)


def test_unused_types_may_be_used_while_users_cannot_be_read() -> None:
    sink = collect(engines(engines_r1=refused("No")), ENGINE, TYPE, options=Options(used_only=frozenset(("c_type",))))
    assert sink.bad() == {("r1", "c_engine"): Status.DENIED, ("r1", "c_type"): Status.DENIED}


def test_without_the_list_of_regions_every_scope_is_reported() -> None:
    session = FakeSession({}, refused("UnauthorizedOperation"))
    sink = collect(session, BOX, TYPE, options=Options(no_collect=("c_type",)))
    assert sink.found == {}
    assert session.asked == []
    regions = [(region, "c_region") for region in (GLOBAL, "r1", "r2")]
    assert sink.bad() == dict.fromkeys([(GLOBAL, "c_account"), *regions, ("r1", "c_box"), ("r2", "c_box")], Status.DENIED)


def test_a_part_of_the_account() -> None:
    session = engines(engines_r2=[{"Engines": [{"Id": "e3", "Type": "large"}]}], boxes_r1=[{"Boxes": [{"Id": "b1"}]}])
    sink = collect(session, ENGINE, TYPE, BOX, options=Options(selection=Selection(regions=("r1",), kinds=("c_eng*",))))
    assert set(sink.reports) == {(GLOBAL, "c_account"), (GLOBAL, "c_region"), ("r1", "c_region"), ("r1", "c_engine")}
    assert sink.ids("c_engine") == ["e1", "e2"]
    assert sink.node("e1").reported["cores"] == 2, "who lends is read"
    assert sink.ids("c_type") == []
    assert {region for _, region, _ in session.asked} == {GLOBAL, "r1"}


def test_of_a_part_that_names_kinds_those_are_left_out_of_which_only_used_ones_stay() -> None:
    options = Options(used_only=frozenset(("c_type",)), selection=Selection(kinds=("c_type",)))
    assert {kind for _, kind in collect(engines(), ENGINE, TYPE, options=options).reports} == {"c_account", "c_region"}
    options = Options(used_only=frozenset(("c_type",)), selection=Selection(regions=("r1",)))
    assert collect(engines(), ENGINE, TYPE, options=options).ids("c_type") == ["small"]


def test_a_part_of_an_account_whose_regions_cannot_be_listed() -> None:
    selection = Selection(regions=("r2",), kinds=("c_box",))
    sink = collect(FakeSession({}, refused("UnauthorizedOperation")), BOX, LID, options=Options(selection=selection))
    assert {kind for region, kind in sink.reports if region == "r2"} == {"c_box", "c_region"}
    assert "r1" not in {region for region, _ in sink.reports}


SHOT = Resource("c_shot", "A shot.", Call("s", "shots", "Shots"), id="Id", ctime="At")
SHOTS = [
    {"Shots": [{"Id": f"s{day}", "At": f"2026-11-0{day}T00:00:00Z"} for day in (2, 4)]},
    {"Shots": [{"Id": "s9"}, {"Id": "s3", "At": "2026-11-03"}]},
]


def shot(number: int) -> str:
    return node_id("c", "1", "r1", "c_shot", f"s{number}")


def test_of_a_capped_kind_the_newest_come_and_the_rest_is_told_to_be_there() -> None:
    sink = collect(world(shots_r1=SHOTS), SHOT, options=Options(hot=Hot({"c_*": 2})))
    assert sink.ids("c_shot") == ["s3", "s4"]
    assert sink.left == {shot(2), shot(9)}
    report = sink.reports["r1", "c_shot"]
    assert (report.status, report.count, report.code) == (Status.OK, 2, Code.CAPPED)
    assert report.message == "the newest 2 were taken, 2 older ones left out"
    assert sink.reports["r2", "c_shot"].code == ""


def test_details_are_asked_for_the_newest_only() -> None:
    number = Resource(
        "c_shot",
        "A shot.",
        Call("s", "shots", "Shots"),
        id="Id",
        newest="Number",
        details=(Detail(Call("s", "look", "@", {"Id": "{id}"}), "Look"),),
    )
    session = world(shots_r1=[{"Shots": [{"Id": "a", "Number": 9}, {"Id": "b", "Number": 10}, {"Id": "c", "Number": 1}]}])
    assert collect(session, number, options=Options(hot=Hot({"c_shot": 1}))).ids("c_shot") == ["b"]
    assert [params for operation, _, params in session.asked if operation == "look"] == [{"Id": "b"}]


def test_a_capped_listing_that_breaks_off_takes_nothing_and_fails() -> None:
    sink = collect(world(shots_r1=[*SHOTS, refused("No")]), SHOT, options=Options(hot=Hot({"c_shot": 2})))
    assert (sink.ids("c_shot"), sink.left) == ([], set())
    assert sink.bad() == {("r1", "c_shot"): Status.DENIED}


def test_a_kind_is_read_when_it_is_due() -> None:
    def run(read_at: float, options: Options) -> Recorder:
        sink = Recorder()
        sink.read["r1", "c_box"] = read_at
        return collect(session, BOX, KEY, options=options, sink=sink)

    session = world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}], keys_r1=[{"Keys": [{"Name": "k"}]}])
    hourly = Hot(every_by_kind={"c_box": 3600.0}, now=10_000.0)
    sink = run(9_000.0, Options(hot=hourly))
    report = sink.reports["r1", "c_box"]
    assert (report.status, report.code, report.message) == (Status.SKIPPED, Code.NOT_DUE, "due again in 43 min 20 s")
    assert (sink.ids("c_box"), sink.ids("c_key")) == ([], ["b1/k"]), "its children are due"
    assert run(6_400.0, Options(hot=hourly)).ids("c_box") == ["b1"]
    assert run(0.0, Options(hot=hourly)).ids("c_box") == ["b1"]
    assert run(9_000.0, Options()).ids("c_box") == ["b1"], "it has no interval"
    assert run(9_000.0, Options(hot=hourly, selection=Selection(kinds=("c_box",)))).ids("c_box") == ["b1"], "it is asked for"
    session.asked.clear()
    run(9_000.0, Options(hot=hourly, no_collect=("c_key",)))
    assert ("boxes", "r1", {}) not in session.asked
    assert ("boxes", "r2", {}) in session.asked, "that one was never read"


def test_who_shows_what_is_used_is_always_due() -> None:
    sink = Recorder()
    sink.read["r1", "c_engine"] = 9_999.0
    options = Options(used_only=frozenset(("c_type",)), hot=Hot(every_by_kind={"*": 3600.0}, now=10_000.0))
    assert collect(engines(), ENGINE, TYPE, options=options, sink=sink).ids("c_type") == ["small"]


def test_a_region_that_is_not_enabled_is_reported() -> None:
    session = FakeSession({("boxes", "r1"): [{"Boxes": [{"Id": "b1"}]}]}, (Region("r1"), Region("r3", refusal="region r3 is not enabled")))
    sink = collect(session, BOX)
    assert sink.bad() == {("r3", "c_box"): Status.DENIED}
    assert sink.reports["r3", "c_box"].message == "region r3 is not enabled"
    assert "1 > r3" not in sink.links()


def test_a_service_that_a_region_lacks_is_skipped() -> None:
    rare = Resource("c_rare", "Rare.", Call("rare", "rares", "Rares"), id="Id")
    session = world(rares_r1=[{"Rares": [{"Id": "x"}]}])
    assert collect(session, rare).bad() == {("r2", "c_rare"): Status.SKIPPED}
    assert [region for operation, region, _ in session.asked if operation == "rares"] == ["r1"]


def test_credentials_that_expire_in_mid_run_deny_what_is_left() -> None:
    def answer(params: Mapping[str, Any]) -> Iterator[Any]:
        yield {"Boxes": [{"Id": "b1"}]}
        session.answers = {key: refused("ExpiredToken") for key in session.answers}
        raise refused("ExpiredToken")

    session = world(boxes_r1=answer, keys_r1=[], lids_r1=[])
    sink = collect(session, BOX, KEY)
    assert sink.reports["r1", "c_box"].status is Status.DENIED
    assert sink.reports["r1", "c_key"].status is Status.DENIED


def test_the_account_has_a_node_even_when_nothing_is_known_of_it() -> None:
    session = FakeSession({("who", GLOBAL): refused("No")}, REGIONS)
    node = collect(session, BOX).node("1")
    assert node.reported == {"id": "1", "kind": "c_account", "name": "one", "tags": {}}


def test_cancelled_between_pages() -> None:
    cancel = Cancel()

    def answer(params: Mapping[str, Any]) -> Iterator[Any]:
        yield {"Boxes": [{"Id": "b1"}]}
        cancel.set("stopped by ada")
        yield {"Boxes": [{"Id": "b2"}]}

    sink = Recorder()
    with pytest.raises(Cancelled, match="stopped by ada"):
        collect(world(boxes_r1=answer), BOX, cancel=cancel, sink=sink)
    assert "b2" not in sink.ids("c_box")
    assert ("r1", "c_box") not in sink.reports


def test_errors_of_the_sink_end_the_collect() -> None:
    class Full(Recorder):
        def nodes(self, nodes: Any) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        collect(world(boxes_r1=[{"Boxes": [{"Id": "b1"}]}]), BOX, sink=Full())


def test_progress_reaches_the_end_in_every_region() -> None:
    watcher = Listener()
    collect(world(boxes_r1=refused("No")), BOX, KEY, LID, watcher=watcher)
    assert watcher.done == {GLOBAL: (1, 1), "r1": (3, 3), "r2": (3, 3)}


def test_a_second_collect_says_the_same() -> None:
    session = engines(lids_r1=[{"Lids": [{"Id": "l1", "Box": "b"}]}])
    first, second = collect(session, ENGINE, TYPE, LID, BOX), collect(session, BOX, LID, TYPE, ENGINE)
    assert (first.found, first.drawn, first.reports) == (second.found, second.drawn, second.reports)
