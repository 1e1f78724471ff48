"""A world of items as the API lists them, mapped and linked without any call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from resh.model.node import Node, node_id
from resh.model.scope import Scope
from resh.providers.catalog import Resource
from resh.providers.links import Linker
from resh.providers.mapping import Mapper

ACCOUNT, REGION = "123456789012", "eu-west-1"


class World:
    """`add` maps an item and returns its reported properties; `edges` are written `vpc-1 > subnet-1`, by ids."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = {resource.kind: resource for resource in resources}
        self._linker = Linker(self._resources.values(), "aws", ACCOUNT)
        self._ids: dict[str, str] = {}

    def add(self, kind: str, item: dict[str, Any]) -> dict[str, Any]:
        mapped = Mapper(self._resources[kind]).map(item, {"account": ACCOUNT, "region": REGION, "partition": "aws"})
        id = node_id("aws", ACCOUNT, REGION, kind, mapped.rid)
        self._ids[id] = mapped.rid
        node = Node(id, kind, Scope("aws", ACCOUNT, REGION, kind), REGION, mapped.reported, mapped.zone)
        self._linker.saw(node, self._resources[kind], item)
        return mapped.reported

    def know_account(self, account: str) -> None:
        """Name an account that edges may lead to."""
        self._ids[node_id("aws", account, "global", "aws_account", account)] = account

    def edges(self, type: str) -> set[str]:
        found = self._linker.edges(lambda region, kind: True)
        return {f"{self._ids[edge.source]} > {self._ids[edge.target]}" for edge in found if edge.type == type}
