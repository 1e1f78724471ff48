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
    _defaults: ClassVar[dict[str, Any]] = {}
    _unequal: ClassVar[tuple[str, ...]] = ()
    """Fields that do not count when two records are compared."""

    def __init_subclass__(cls) -> None:
        own = (name for name, kind in cls.__annotations__.items() if not kind.startswith("ClassVar"))
        cls._fields = tuple(dict.fromkeys((*cls._fields, *own)))
        cls._defaults = {name: getattr(cls, name) for name in cls._fields if hasattr(cls, name)}
        cls.__match_args__ = cls._fields  # type: ignore[misc]

    def __init__(self, *values: Any, **named: Any) -> None:
        fields, own = self._fields, self.__dict__
        if len(values) == len(fields) and not named:
            own.update(zip(fields, values, strict=True))
            return
        own.update(self._defaults)
        if named:
            own.update(named)
        own.update(zip(fields, values, strict=False))
        if len(own) != len(fields) or len(values) + len(named) > len(fields):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(fields)}, not {', '.join(own)}")

    def changed(self, **changes: Any) -> Self:
        other = object.__new__(type(self))
        own = other.__dict__
        own.update(self.__dict__, **changes)
        if len(own) != len(self._fields):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(self._fields)}, not {', '.join(own)}")
        return other

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        return self._compared() == other._compared() if self._unequal else self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self._compared()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"

    def _compared(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._fields if name not in self._unequal)
