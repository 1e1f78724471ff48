"""Parts: attributes that are made when somebody first asks for them.

class App:
    making = RLock()

    @part
    def graph(self) -> SqliteStore: ...
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, Protocol, TypeVar

Part = TypeVar("Part")


class HasParts(Protocol):
    making: RLock


class part(Generic[Part]):
    """A part of an object: made when first asked for, once, whichever thread asks. (functools.cached_property may make two.)"""

    def __init__(self, make: Callable[[Any], Part]) -> None:
        self._make = make
        self._name = make.__name__

    def __get__(self, owner: HasParts, type: type[HasParts]) -> Part:
        with owner.making:
            if self._name not in owner.__dict__:
                owner.__dict__[self._name] = self._make(owner)
        made: Part = owner.__dict__[self._name]
        return made
