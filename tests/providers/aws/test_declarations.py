"""Every catalog of AWS against botocore's service models: operations, parameters, paths. A misspelt name fails here, not in an account."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import botocore.session
import jmespath
import pytest
from botocore.exceptions import UnknownServiceError
from botocore.validate import ParamValidator

import resh.providers.aws
from resh.providers.aws.account import ACCOUNT
from resh.providers.aws.pages import tokens
from resh.providers.aws.shapes import Models, item_shape, operation, output_shape
from resh.providers.catalog import Action, Call, Resource
from resh.providers.template import slots

LOADER = botocore.session.Session().get_component("data_loader")
_PAGE = re.compile(r"(Next|next|Pagination|page|nextPage)?_?(Token|Marker|marker)")
MODELS = lru_cache(botocore.session.Session().get_service_model)


def catalogs() -> Iterator[Resource]:
    for module in pkgutil.iter_modules(resh.providers.aws.__path__):
        for name in ("RESOURCES", "PRICES"):
            yield from getattr(importlib.import_module(f"resh.providers.aws.{module.name}"), name, ())


RESOURCES = tuple(catalogs())
KINDS = {resource.kind for resource in RESOURCES}
each_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.kind)


def calls(resource: Resource) -> Iterator[Call]:
    repeated = (*(action.each for action in actions(resource)), *around_deletion(resource))
    for call in (resource.call, resource.global_call, *(detail.call for detail in (*resource.details, *resource.alone)), *repeated):
        if isinstance(call, Call):
            yield from (replace(one, describe=None) for one in call.chain)
    if isinstance(resource.read, Call):
        yield resource.read
    elif resource.read is not None:
        yield Call(resource.call.service, resource.call.operation, resource.call.items, {**resource.call.params, **resource.read})


def around_deletion(resource: Resource) -> Iterator[Call]:
    if resource.snapshot and resource.snapshot.status:
        yield resource.snapshot.status
    if resource.contents:
        yield resource.contents.call


def actions(resource: Resource) -> Iterator[Action]:
    yield from resource.before_delete
    yield from (one.action for one in (resource.snapshot, resource.contents) if one)
    yield from (resource.quarantine.isolate, resource.quarantine.release) if resource.quarantine else ()
    yield from (action for action in (resource.delete, resource.tag, resource.untag) if action)


def problems(service: str, method: str, params: Mapping[str, Any]) -> str:
    shape = operation(service, method, MODELS).input_shape
    made_by_botocore = {name: "x" * 32 for name, member in shape.members.items() if "idempotencyToken" in member.metadata} if shape else {}
    return str(ParamValidator().validate({**made_by_botocore, **sample(params, shape)}, shape).generate_report()) if shape else ""


def sample(template: Any, shape: Any) -> Any:
    """The parameters with something of the right type in every place that is filled from a node."""
    if isinstance(template, str) and template.startswith("{") and shape.type_name != "string":
        return least(shape)
    if isinstance(template, Mapping) and shape.type_name in ("structure", "map"):
        members = getattr(shape, "members", {})
        return {key: sample(value, members.get(key, getattr(shape, "value", shape))) for key, value in template.items()}
    if isinstance(template, list) and shape.type_name == "list":
        return [sample(element, shape.member) for element in template]
    filling = "x" * max(32, shape.metadata.get("min", 0))
    return template.replace("{", "{" + filling) if isinstance(template, str) else template


def least(shape: Any) -> Any:
    """The smallest value of the shape."""
    if shape.type_name == "structure":
        return {name: least(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [least(shape.member)] * shape.metadata.get("min", 0)
    return {"boolean": True, "integer": 1, "long": 1, "map": {}, "string": "x" * 32}[shape.type_name]


@each_resource
def test_calls_and_actions_are_those_of_the_api(resource: Resource) -> None:
    for call in calls(resource):
        assert not problems(call.service, call.operation, call.params), call
    for action in actions(resource):
        assert not problems(action.service or resource.call.service, action.operation, action.params), action


@each_resource
def test_paths_lead_somewhere(resource: Resource) -> None:
    joined = (resource.call.join,) if resource.call.join else ()
    details = (detail.call for detail in resource.details if not detail.into)
    shapes = [item_shape(call, MODELS) for call in (resource.call, *joined, *details)]
    if resource.within or any(shape is None or shape.type_name == "map" for shape in shapes):
        return  # the model does not tell what the item has
    known = {"_parent", *(detail.into for detail in resource.details)}.union(*(shape.members for shape in shapes if shape))
    for path in filter(None, paths(resource)):
        assert first_names(jmespath.compile(path).parsed) <= known, f"{resource.kind}: {path}"


def paths(resource: Resource) -> Iterator[str]:
    """Every JMESPath over an item."""
    yield from (resource.id, resource.name, resource.ctime, resource.zone, resource.region, resource.tags, resource.keep)
    yield "" if resource.arn.startswith("arn:") else resource.arn
    yield from (source if isinstance(source, str) else source.path for source in resource.fields.values())
    yield from (link.path for link in resource.edges)
    yield from (borrow.path for borrow in resource.borrow)


@pytest.mark.parametrize("resource", [one for one in RESOURCES if one.call.join], ids=lambda resource: resource.kind)
def test_listings_are_joined_on_what_both_tell_and_one_resource_is_read_whole(resource: Resource) -> None:
    assert isinstance(resource.read, Call)  # the parameters of a listing alone would not bring the other one
    joined = members(resource.call.join)
    assert resource.call.on in members(resource.call) & joined
    assert joined <= members(resource.read)


def members(call: Call | None) -> set[str]:
    shape = item_shape(call, MODELS) if call else None
    assert shape is not None
    return set(shape.members)


@each_resource
def test_items_are_in_the_answer(resource: Resource) -> None:
    for call in calls(resource):
        shape = output_shape(call, MODELS)
        members = set(shape.members) if shape is not None and shape.type_name == "structure" else set()
        assert first_names(jmespath.compile(call.items).parsed) <= members, call


@each_resource
def test_every_page_of_an_answer_is_found(resource: Resource) -> None:
    for call in calls(resource):
        model = operation(call.service, call.operation, MODELS)
        goes_on = {path for path in inner_names(model.output_shape) if _PAGE.fullmatch(path.rpartition(".")[2])}
        asked = [name for name in (model.input_shape.members if model.input_shape else ()) if _PAGE.fullmatch(name)]
        if goes_on and asked and model.name not in paginators(call.service):
            found = tokens(model)
            assert found is not None, f"{call} answers with {goes_on}"
            assert found.output_token in goes_on


@each_resource
def test_one_that_is_read_by_itself_knows_what_it_needs_of_its_parent(resource: Resource) -> None:
    needed = {name for path in paths(resource) for name in re.findall(r"_parent\.(\w+)", path)}
    assert resource.read is None or needed <= set(resource.inherits.values())


@each_resource
def test_every_resource_says_how_it_goes(resource: Resource) -> None:
    assert bool(resource.delete) != bool(resource.no_delete)
    assert resource.phantom or resource.read is not None


@each_resource
def test_conditions_are_jmespath(resource: Resource) -> None:
    repeated, snapshot = [action.each for action in actions(resource) if isinstance(action.each, str)], resource.snapshot
    for path in filter(
        None,
        (
            *resource.fixed,
            resource.ended,
            resource.awaited,
            resource.broken,
            snapshot and snapshot.when,
            snapshot and snapshot.ids,
            *resource.released.values(),
            *repeated,
        ),
    ):
        jmespath.compile(path)


@pytest.mark.parametrize("resource", [one for one in RESOURCES if one.quarantine], ids=lambda resource: resource.kind)
def test_a_quarantine_asks_for_properties_that_there_are(resource: Resource) -> None:
    assert resource.quarantine is not None
    names = set(re.findall(r"[a-z]+(?:_[a-z]+)+", re.sub(r"'[^']*'|to_string", "", resource.quarantine.serves)))
    names |= slots(resource.quarantine.isolate.params) | slots(resource.quarantine.release.params)
    known = {prop.name for prop in Models(MODELS).properties(resource)}
    assert names <= known | {"id", "name", "arn", "instance_status", "db_status"}


def test_what_is_taken_along_can_be_kept() -> None:
    by_kind = {resource.kind: resource for resource in RESOURCES}
    for taken in {takes.kind for resource in RESOURCES for takes in resource.takes}:
        snapshot, apart = by_kind[taken].snapshot, by_kind[taken].snapshot_apart
        assert snapshot is None or snapshot.ids or apart or taken == "aws_elasticache_cache_cluster", taken  # kept with its group
        assert apart is None or (apart.ids and apart.status)


@each_resource
def test_edges_lead_to_kinds_of_the_catalog(resource: Resource) -> None:
    assert {link.kind for link in resource.edges if not link.account} | {borrow.kind for borrow in resource.borrow} <= KINDS
    assert {link.kind for link in resource.edges if link.account} <= {ACCOUNT.kind}
    assert not resource.each or resource.each in KINDS | {ACCOUNT.kind}


def test_kinds_are_declared_once() -> None:
    assert [kind for kind, number in Counter(resource.kind for resource in RESOURCES).items() if number > 1] == []


def inner_names(answer: Any) -> Iterator[str]:
    """The texts in an answer, and those of its structures, by path."""
    for name, member in answer.members.items() if answer else ():
        if member.type_name == "structure":
            yield from (f"{name}.{inner}" for inner, shape in member.members.items() if shape.type_name == "string")
        elif member.type_name == "string":
            yield name


@lru_cache
def paginators(service: str) -> dict[str, Any]:
    """What botocore knows of the pages of a service, by operation."""
    try:
        found: dict[str, Any] = LOADER.load_service_model(service, "paginators-1")["pagination"]
    except UnknownServiceError:
        return {}
    return found


def first_names(node: dict[str, Any]) -> set[str]:
    """The members of the item that a JMESPath starts from; what it asks of their insides is not followed."""
    children = node["children"]
    match node["type"]:
        case "field":
            return {node["value"]}
        case "subexpression" | "index_expression" | "pipe" | "projection" | "filter_projection" | "value_projection":
            return first_names(children[0])
        case "literal":
            return set()
        case _:
            return set().union(*(first_names(child) for child in children))
