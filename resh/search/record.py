"""Immutable values with structural equality, as frozen dataclasses are, at a tenth of their price when a program starts.

    class Sort(Record):
        path: str
        descending: bool = False

    Sort("name").changed(descending=True) == Sort("name", True)

A search is answered before sixty dataclasses would have been made, and the start of a script has a budget.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Record:
    _fields: ClassVar[tuple[str, ...]] = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _unequal: ClassVar[tuple[str, ...]] = ()
    """Fields that do not count when two records are compared."""

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(name for name, kind in cls.__annotations__.items() if not kind.startswith("ClassVar"))
        cls.__match_args__ = cls._fields  # type: ignore[misc]

    def __init__(self, *values: Any, **named: Any) -> None:
        """What is not given has the value that the class has."""
        given = dict(zip(self._fields, values, strict=False))
        if len(given) < len(values) or named.keys() & given.keys() or not named.keys() <= set(self._fields):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(self._fields)}")
        self.__dict__.update(given, **named)
        for name in self._fields[len(given) :]:
            if not hasattr(self, name):
                raise TypeError(f"{type(self).__name__} needs {name}")

    def changed(self, **changes: Any) -> Self:
        return type(self)(**(self.__dict__ | changes))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash((type(self), self._compared()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"

    def _compared(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._fields if name not in self._unequal)
