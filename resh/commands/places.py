"""Places in the words of a command, filled from a resource: `{id}`, `{tags.owner}`, `{/ancestors.account.reported.id}`.

has_places("{id}")                  True; JSON has none: {"a": 1}
fill("vol {id}", document)          raises BadValue for a place that leads nowhere
"""

from __future__ import annotations

import re

from resh.commands.paths import value
from resh.errors import BadValue
from resh.graph.base import Document

_PLACE = re.compile(r"\{([A-Za-z_/][^{}\s=,:'\"]*)\}")


def has_places(text: str) -> bool:
    return _PLACE.search(text) is not None


def fill(text: str, document: Document | None) -> str:
    """A list or an object becomes JSON. Without a document no place leads anywhere."""
    return _PLACE.sub(lambda place: _filled(place[1], document), text)


def _filled(path: str, document: Document | None) -> str:
    if document is None:
        raise BadValue(f"{{{path}}} leads nowhere: no resources come before it", "put a search in front, such as search is(volume) |")
    found = value(document, path)
    if found is None:
        raise BadValue(f"{{{path}}} leads nowhere in {document['reported'].get('id')}")
    if isinstance(found, dict | list):
        from resh.render.json import compact

        return compact(found)
    return str(found).lower() if isinstance(found, bool) else str(found)
