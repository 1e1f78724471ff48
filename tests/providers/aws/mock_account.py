"""The example account of the tests, on a moto server, seen through the provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3

from resh.cancel import Cancel
from resh.graph.base import UsageSample
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport
from resh.providers.aws.provider import AwsProvider
from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.settings import Settings

REGION = "eu-west-1"


@dataclass
class Found:
    """A sink that keeps everything, and a watcher that does not look."""

    all_nodes: list[Node] = field(default_factory=list)
    all_edges: list[Edge] = field(default_factory=list)
    reports: list[ScopeReport] = field(default_factory=list)

    def knows(self, id: str) -> bool:
        return False

    def kinds(self, kinds: Iterable[Kind]) -> None: ...

    def nodes(self, nodes: Iterable[Node]) -> None:
        self.all_nodes += nodes

    def edges(self, edges: Iterable[Edge]) -> None:
        self.all_edges += edges

    def there(self, ids: Iterable[str]) -> None: ...

    def amend(self, learned: Mapping[str, dict[str, Any]]) -> None: ...

    def usage(self, samples: Iterable[UsageSample]) -> None: ...

    def remembers(self, ids: Iterable[str], names: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {}

    def read_at(self, scope: Scope) -> float:
        return 0.0

    def scope(self, report: ScopeReport) -> None:
        self.reports.append(report)

    def progress(self, region: str, done: int, total: int) -> None: ...

    def called(self, place: Place, heard: Heard) -> None: ...


class Cloud:
    """The example account, seen through the provider."""

    def __init__(self) -> None:
        self._settings = Settings.load(overrides=(f"aws.regions={REGION}",))
        self._session: Any = boto3.Session(region_name=REGION)
        self.provider = AwsProvider(self._settings)
        (self._account,) = self.provider.accounts()

    def set(self, path: str, value: Any) -> None:
        self._settings.set(path, value, "option")

    def client(self, service: str, region: str = REGION) -> Any:
        return self._session.client(service, region_name=region)

    def collect(self, *kinds: str) -> Found:
        found = Found()
        self._settings.set("aws.collect", list(kinds), "option")
        self.provider.collect(self._account, found, found, Cancel())
        return found

    def documents(self, kind: str) -> list[dict[str, Any]]:
        return [self.document_of(node) for node in self.collect(kind).all_nodes if node.kind == kind]

    def account_reported(self) -> dict[str, Any]:
        """What is known of the account itself."""
        return next(node.reported for node in self.collect("nothing").all_nodes if node.kind == "aws_account")

    def document(self, kind: str, name: str) -> dict[str, Any]:
        return next(document for document in self.documents(kind) if document["reported"]["name"] == name)

    def is_gone(self, document: dict[str, Any]) -> bool:
        return self.provider.read(document) is None

    def placed(self, document: dict[str, Any], region: str = REGION) -> dict[str, Any]:
        """The document in the example account."""
        ids = {"cloud": "aws", "account": self._account.id, "region": region}
        return {**document, "ancestors": {level: {"reported": {"id": id}} for level, id in ids.items()}}

    def document_of(self, node: Node) -> dict[str, Any]:
        return self.placed({"id": node.id, "kind": node.kind, "reported": node.reported}, node.region)

    def find(self, kind: str, id: str) -> dict[str, Any]:
        return next(document for document in self.documents(kind) if document["reported"]["id"] == id)

    def looks_the_same(self, document: dict[str, Any]) -> bool:
        """Whether a second look finds no change."""
        now = self.provider.read(document)
        assert now is not None, f"{document['reported']['id']} is gone"
        assert {name: value for name, value in now.items() if document["reported"].get(name) != value} == {}
        return True

    def takes_tags(self, document: dict[str, Any]) -> bool:
        """Whether a tag can be set and removed, and the others stay."""
        before = document["reported"]["tags"]
        self.provider.tag(document, "reviewed", "yes")
        assert (self.provider.read(document) or {})["tags"] == {**before, "reviewed": "yes"}
        self.provider.untag(document, "reviewed")
        return bool((self.provider.read(document) or {})["tags"] == before)

    def goes(self, document: dict[str, Any]) -> bool:
        """Whether it can be deleted, a second time without complaint."""
        self.provider.delete(document)
        self.provider.delete(document)
        return self.is_gone(document)
