"""Which operations a kind of the catalog makes, by what they are for: (service, operation) as botocore's methods call them.

list(reads(BUCKET))      # [("s3", "list_buckets"), ("s3", "get_bucket_location"), …], in the order in which they are asked
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from resh.providers.catalog import Action, Call, Catalog, Resource

Operation = tuple[str, str]

USAGE: Operation = ("cloudwatch", "get_metric_data")
"""What a collect asks beside the kinds, where it measures what is used of them."""


def reads(resource: Resource) -> Iterator[Operation]:
    """What a collect asks for it."""
    for call in (resource.call, resource.global_call, *(detail.call for detail in resource.details)):
        if call:
            yield from _chain(call)


def every(catalog: Catalog) -> Iterator[Operation]:
    """All that is made for the kinds of the catalog; some come more than once."""
    yield USAGE
    for resource in catalog.all:
        yield from (*reads(resource), *tags(resource), *deletes(resource, ALL), *_again(resource), *_alone(resource))


def tags(resource: Resource) -> Iterator[Operation]:
    actions = [action for action in (resource.tag, resource.untag) if action]
    for action in actions:
        yield from _of(resource, action)
    if actions:
        yield from (*_again(resource), *_alone(resource))


class Besides(NamedTuple):
    """What clean-up does besides, where its settings ask for it: keep snapshots, empty what is full, put into quarantine."""

    keep: bool = False
    empty: bool = False
    isolate: bool = False


NOTHING, ALL = Besides(), Besides(keep=True, empty=True, isolate=True)


def deletes(resource: Resource, besides: Besides = NOTHING) -> Iterator[Operation]:
    """Its deletion, what comes before that, and the last look; what takes it out of a cycle."""
    if resource.delete:
        if detach := resource.detach:
            yield from (pair for call in (detach.call, *detach.users) for pair in _chain(call))
            yield from (pair for action in detach.actions.values() for pair in _of(resource, action))
        for action in (*_besides(resource, besides), *resource.before_delete, resource.delete):
            yield from _of(resource, action)
        yield from _again(resource)


def _besides(resource: Resource, besides: Besides) -> Iterator[Action]:
    """Its last snapshot, and what empties it, each with what is asked for that; its quarantine and the way out."""
    if besides.isolate and (quarantine := resource.quarantine):
        yield from (quarantine.isolate, quarantine.release)
    for snapshot in (resource.snapshot, resource.snapshot_apart):
        if besides.keep and snapshot:
            yield replace(snapshot.action, each=snapshot.status or "")
    if besides.empty and (contents := resource.contents):
        yield replace(contents.action, each=contents.call)


def _again(resource: Resource) -> Iterator[Operation]:
    """A look at one resource: what a collect asks, and a call of its own where the kind has one."""
    yield from reads(resource)
    if isinstance(resource.read, Call):
        yield from _chain(resource.read)


def _alone(resource: Resource) -> Iterator[Operation]:
    """What such a look asks besides, where it is to tell all."""
    for detail in resource.alone:
        yield from _chain(detail.call)


def _of(resource: Resource, action: Action) -> Iterator[Operation]:
    yield action.service or resource.call.service, action.operation
    if isinstance(action.each, Call):
        yield from _chain(action.each)


def _chain(call: Call) -> Iterator[Operation]:
    return ((one.service, one.operation) for one in call.chain)
