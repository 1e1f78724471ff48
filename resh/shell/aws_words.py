"""What may follow `aws `: services, operations and options, from the service models that botocore ships.

    words = AwsWords(changed)
    words.expected("ec2 describe-vol")      ({"describe-volumes": "Describes the specified EBS volumes …", …}, "describe-vol")

Reading a model takes longer than a key may, so that is done in a thread; `changed` is called when there is more to offer.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import ServiceModel

    from resh.providers.aws.request import Requests

Words = Mapping[str, str]

_OWN = {
    "--account": "the account to ask, if not that of the resource",
    "--region": "the region to ask, if not that of the resource",
    "--query": "JMESPath of what is wanted of an answer",
}
_MARKUP = re.compile(r"<[^>]+>")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)


class AwsWords:
    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self.changed = changed
        self._found: dict[str, Words] = {}
        self._models: dict[str, ServiceModel] = {}
        self._asked: set[str] = set()
        self._requests: Requests | None = None
        self._lock = threading.Lock()

    def expected(self, text: str) -> tuple[Words, str]:
        """The words that may stand at the end of the text, and what is typed of one."""
        typed = re.split(r"\s+", text.lstrip())
        *before, last = typed
        if not before:
            return self._of(""), last
        if len(before) == 1:
            return self._of(before[0]), last
        return (self._options(before[0], before[1], before[2:]) if last[:1] in ("", "-") else {}), last

    def _of(self, service: str) -> Words:
        """Services, or the operations of one; nothing yet when they have to be read first."""
        with self._lock:
            if service not in self._asked:
                self._asked.add(service)
                threading.Thread(target=self._read, args=(service,), name="aws-words", daemon=True).start()
        return self._found.get(service, {})

    def _options(self, service: str, operation: str, given: list[str]) -> Words:
        self._of(service)
        model = self._models.get(service)
        if model is None:
            return {}
        from resh.providers.aws.request import operations

        name = operations(model).get(operation)
        shape = model.operation_model(name).input_shape if name else None
        found = {f"--{option}": text for option, text in _described(shape)} if shape else {}
        return {option: text for option, text in {**found, **_OWN}.items() if option not in given}

    def _read(self, service: str) -> None:
        from resh.errors import ReshError
        from resh.providers.aws.request import Requests, operations

        self._requests = requests = self._requests or Requests()
        try:
            if service:
                model = self._models[service] = requests.model(service)
                self._found[service] = {
                    word: _summary(model.operation_model(name).documentation) for word, name in operations(model).items()
                }
            else:
                self._found[service] = dict.fromkeys(requests.services, "a service of AWS")
        except ReshError:  # no such service: nothing can be offered
            return
        self.changed()


def _described(shape: Any) -> list[tuple[str, str]]:
    """Required ones first."""
    from botocore import xform_name

    required = frozenset(shape.required_members)
    names = sorted(shape.members, key=lambda name: name not in required)
    kinds = {name: shape.members[name].type_name for name in names}
    return [(xform_name(name, "-"), f"{kinds[name]}{', required' if name in required else ''}") for name in names]


def _summary(documentation: str) -> str:
    text = " ".join(_MARKUP.sub(" ", documentation).split())
    found = _SENTENCE.match(text)
    return found[1] if found else text
