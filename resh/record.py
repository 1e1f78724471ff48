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
        own = (name for name, kind in cls.__annotations__.items() if not kind.startswith("ClassVar"))
        cls._fields = tuple(dict.fromkeys((*cls._fields, *own)))
        cls.__match_args__ = cls._fields  # type: ignore[misc]

    def __init__(self, *values: Any, **named: Any) -> None:
        if named or len(values) < len(self._fields):
            values = (*values, *self._rest(self._fields[len(values) :], named))
        self.__dict__.update(zip(self._fields, values, strict=True))

    def _rest(self, fields: tuple[str, ...], named: dict[str, Any]) -> list[Any]:
        """Values of the fields that have no place of their own; what is not given has the value that the class has."""
        wrong = named.keys() - set(fields)
        missing = [name for name in fields if name not in named and not hasattr(type(self), name)]
        if wrong or missing:
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(self._fields)}, not {', '.join(wrong) or 'fewer'}")
        return [named[name] if name in named else getattr(type(self), name) for name in fields]

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
