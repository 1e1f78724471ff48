"""Comparisons: SQL that tests one reference against a value, by the type of what is found there.

    test(writer, Json("d.reported", ("volume_size",)), Predicate("volume_size", ">", 100))

What people write is forgiving where kinds declare types: `5` equals the text "5", `true` the text "true", and the other way round
(`coercion.py`). A scalar compared with an array is compared with its elements: any of them, unless the modifier says all or none. Missing
(or null) values fit `!=`, `!~` and `= null`, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from resh.clock import iso
from resh.errors import BadValue, UsageError
from resh.search.coercion import bound, is_duration, seconds
from resh.search.paths import last_name
from resh.search.sql.arms import NO, YES, Arms, J, V
from resh.search.sql.members import Members
from resh.search.sql.orders import dropping, ordered
from resh.search.sql.reference import TREES, Column, Element, Flag, Json, Number, Reference
from resh.search.sql.writer import SCALARS, Writer
from resh.search.terms import Object, Predicate, Template, Value, written

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MEMBERSHIP = ("==", "!=", "in", "not in")


def test(writer: Writer, reference: Reference, predicate: Predicate) -> str:
    """SQL that is true when what `reference` leads to fits."""
    if predicate.value is None and predicate.operator in ("==", "!=") and not predicate.modifier and isinstance(reference, TREES):
        return f"{reference.value} {'IS' if predicate.operator == '==' else 'IS NOT'} NULL"
    _refuse_templates(predicate.value)
    members = members_of(writer, predicate) if predicate.operator in _MEMBERSHIP else None
    arms = _arms(writer, predicate, members)
    if isinstance(reference, Column):
        return _of_column(reference, arms.alone(predicate.modifier))
    if isinstance(reference, Number):
        arms = arms.alone(predicate.modifier)
        return _either(f"{reference.value} IS NOT NULL", _value(arms.number, reference.value), arms.missing)
    if isinstance(reference, Flag):
        arms = arms.alone(predicate.modifier)
        return _either(reference.condition, arms.true, arms.missing)
    if isinstance(reference, Element) or reference.is_cheap:
        return _of_json(writer, reference, arms, predicate, members)
    alias = writer.alias("j")
    fits = _of_json(writer, Json(f"{alias}.document", reference.steps), arms, predicate, members)
    return f"(SELECT {fits} FROM (SELECT {reference.document} AS document) {alias})"


def test_age(writer: Writer, reference: Reference, predicate: Predicate) -> str:
    """The same for the age of a stored time: older is larger."""
    value = predicate.value
    if value is None:
        return test(writer, reference, predicate)
    if not isinstance(value, str) or not is_duration(value):
        raise BadValue(
            f"'{predicate.path}' is compared with a duration, not with {written(value)}", "write it like 3d, 2w or '1d 4h' in quotes"
        )
    if predicate.operator not in (*_FLIPPED, "==", "!="):
        raise UsageError(f"'{predicate}' is not supported: a duration is compared with <, <=, >, >=, = or !=")
    moment = iso(writer.now - seconds(value))
    return test(writer, reference, Predicate(predicate.path, _FLIPPED.get(predicate.operator, predicate.operator), moment))


def test_text(writer: Writer, reference: Reference, fits: str) -> str:
    """SQL that is true when the text that `reference` leads to, or one of a list, fits `fits`, in which V stands for it."""
    arms = Arms(text=fits)
    if isinstance(reference, Column):
        return _of_column(reference, arms)
    return NO if isinstance(reference, (Flag, Number)) else _case(reference, arms, _elements(writer, reference, arms))


def _arms(writer: Writer, predicate: Predicate, members: Members | None) -> Arms:
    operator, value = predicate.operator, predicate.value
    if members:
        arms = members.arms(writer)
        return arms if operator in ("==", "in") else arms.negated(missing="" if operator == "!=" else NO)
    if operator in ("=~", "!~"):
        return _regex(writer, predicate)
    if isinstance(value, bool) or not isinstance(value, SCALARS):
        raise BadValue(f"'{operator}' needs a number, a text, a date or a duration, not {written(value)}")
    return ordered(writer, operator, bound(operator, value, predicate.types, last_name(predicate.path), lambda: writer.now))


def members_of(writer: Writer, predicate: Predicate) -> Members:
    """What a predicate of membership asks for."""
    operator, value = predicate.operator, predicate.value
    if operator in ("in", "not in") and not isinstance(value, tuple):
        raise BadValue(f"'{operator}' needs a list, not {written(value)}", f"write it like {predicate.path} {operator} [a, b]")
    values = value if isinstance(value, tuple) and operator in ("in", "not in") else (value,)
    return Members.of(values, predicate.types, last_name(predicate.path), lambda: writer.now)


def _regex(writer: Writer, predicate: Predicate) -> Arms:
    from resh.graph.regex import readable

    value = predicate.value
    if isinstance(value, bool) or not isinstance(value, SCALARS):
        raise BadValue(f"'{predicate.operator}' needs a regular expression, not {written(value)}")
    pattern = str(value)
    if pattern[:1] in ("*", "+", "?"):  # published checks write ~ "*" and mean the character
        pattern = "\\" + pattern
    pattern = readable(pattern)
    if predicate.operator == "=~":
        found = f"resh_regex({writer.bind(pattern)}, {V})"
        return Arms(text=found, number=found)
    found = f"NOT resh_regex_cs({writer.bind(pattern)}, {V})"
    return Arms(found, found, YES, YES, YES, YES, YES)


def _of_column(reference: Column, arms: Arms) -> str:
    if reference.lookup and arms.missing == NO:
        inside, select = reference.lookup
        return select.format(condition=_either(f"{inside} IS NOT NULL", _value(arms.text, inside), NO))
    return _either(f"{reference.value} IS NOT NULL", _value(arms.text, reference.value), arms.missing)


def _value(arm: str, value: str) -> str:
    return arm.replace(V, value)


def _either(present: str, then: str, otherwise: str) -> str:
    """SQL for: `then` where something is present, else `otherwise`."""
    if then == otherwise:
        return then
    if otherwise == NO:
        return present if then == YES else then
    return f"NOT ({present})" if then == NO else f"iif({present}, {then}, {otherwise})"


def _of_json(writer: Writer, reference: Json | Element, arms: Arms, predicate: Predicate, members: Members | None) -> str:
    whole = isinstance(predicate.value, (Object, tuple)) and predicate.operator in ("==", "!=")
    if predicate.modifier:
        return _modified(writer, reference, arms, predicate.modifier)
    array = arms.array if whole else _elements(writer, reference, arms)
    if predicate.operator == "in" and arms.array != NO:
        array = f"({arms.array} OR {array})"
    elif predicate.operator == "not in" and arms.array != YES:
        array = f"({arms.array} AND {array})"
    if isinstance(reference, Json):  # fewer looks into the document; what does not fit may be missing where it would be false
        if members and members.is_plain:
            member, other = (YES, NO) if predicate.operator in ("==", "in") else (NO, YES)
            return members.decided(writer, member, array, other, arms.missing).replace(V, f"({reference.value})")
        if predicate.operator in _FLIPPED and (drops := dropping(writer, predicate.operator, predicate.value)):
            return f"({drops} AND {_case(reference, arms.changed(number=YES), array)})".replace(V, f"({reference.value})")
    return _case(reference, arms, array)


def _modified(writer: Writer, reference: Json | Element, arms: Arms, modifier: str) -> str:
    """`all`, `any`, `none` of an array."""
    if modifier == "all":
        array = f"NOT {_elements(writer, reference, arms, lambda fits: f'({fits}) IS NOT TRUE')}"
    else:
        array = f"{'NOT ' if modifier == 'none' else ''}{_elements(writer, reference, arms)}"
    return _case(reference, arms.alone(modifier), array)


def _elements(writer: Writer, reference: Json | Element, arms: Arms, wanted: Callable[[str], str] = str) -> str:
    """Some element fits."""
    element = Element(writer.alias("e"))
    fits = wanted(_case(element, arms, arms.array))
    return f"EXISTS (SELECT 1 FROM {reference.elements} {element.alias} WHERE {fits})"


def _case(reference: Json | Element, arms: Arms, array: str) -> str:
    """One arm for each type that differs from what is missing."""
    found = {"text": arms.text, "integer": arms.number, "real": arms.number, "true": arms.true, "false": arms.false}
    found |= {"array": array, "object": arms.object}
    arm = "".join(f" WHEN '{name}' THEN {sql}" for name, sql in found.items() if sql != arms.missing)
    if not arm:
        return arms.missing
    sql = f"CASE {reference.type}{arm} ELSE {arms.missing} END"
    return sql.replace(V, f"({reference.value})").replace(J, f"({reference.text})")


def _refuse_templates(value: Value) -> None:
    if isinstance(value, Template):
        raise UsageError(f"nothing gives {value.text} a value", "write the value itself")
    if isinstance(value, tuple):
        for item in value:
            _refuse_templates(item)
    elif isinstance(value, Object):
        for _, item in value.pairs:
            _refuse_templates(item)
