"""Comparisons: SQL that tests one reference against a value, by the type of what is found there.

    test(writer, Json("d.reported", ("volume_size",)), Predicate("volume_size", ">", 100))

SQLite compares any text as greater than any number, and JSON true as 1; so each JSON type has an arm of its own. What people write is
forgiving where kinds declare types: `5` equals the text "5", `true` the text "true", and the other way round. A scalar compared with an
array is compared with its elements: any of them, unless the modifier says all or none. Missing (or null) values fit `!=`, `!~` and
`= null`, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from resh.clock import iso
from resh.errors import BadValue, UsageError
from resh.record import Record
from resh.search.sql.reference import Column, Element, Flag, Json, Number, Reference
from resh.search.sql.sieve import Sieve, V, sieve
from resh.search.sql.writer import Scalar, Writer
from resh.search.terms import Object, Predicate, Template, Value, written

_NUMBER = r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,15})?"
_MOMENT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*"
_DATE_GLOB = "[12][0-9][0-9][0-9]-[01][0-9]-*"
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
J = "\0j"  # stands for the JSON text of the value, as V for the value itself
NO, YES = "0", "1"


class Arms(Record):
    """For each JSON type the SQL that says whether it fits: V is the value, J its JSON text."""

    text: str = NO
    number: str = NO
    true: str = NO
    false: str = NO
    array: str = NO
    object: str = NO
    missing: str = NO


def test(writer: Writer, reference: Reference, predicate: Predicate) -> str:
    """SQL that is true when what `reference` leads to fits."""
    arms = _arms(writer, predicate)
    if isinstance(reference, Column):
        return _of_column(reference, _alone(arms, predicate.modifier))
    if isinstance(reference, Number):
        arms = _alone(arms, predicate.modifier)
        return _either(f"{reference.value} IS NOT NULL", _value(arms.number, reference.value), arms.missing)
    if isinstance(reference, Flag):
        arms = _alone(arms, predicate.modifier)
        return _either(reference.condition, arms.true, arms.missing)
    if predicate.value is None and not predicate.modifier:
        return f"{reference.value} {'IS' if predicate.operator == '==' else 'IS NOT'} NULL"
    return _of_json(writer, reference, arms, predicate)


def test_age(writer: Writer, reference: Reference, predicate: Predicate) -> str:
    """The same for the age of a stored time: older is larger."""
    value = predicate.value
    if value is None:
        return test(writer, reference, predicate)
    if not isinstance(value, str) or not _is_duration(value):
        raise BadValue(
            f"'{predicate.path}' is compared with a duration, not with {written(value)}", "write it like 3d, 2w or '1d 4h' in quotes"
        )
    if predicate.operator not in (*_FLIPPED, "==", "!="):
        raise UsageError(f"'{predicate}' is not supported: a duration is compared with <, <=, >, >=, = or !=")
    moment = iso(writer.now - _seconds(value))
    return test(writer, reference, Predicate(predicate.path, _FLIPPED.get(predicate.operator, predicate.operator), moment))


def test_text(writer: Writer, reference: Reference, fits: str) -> str:
    """SQL that is true when the text that `reference` leads to, or one of a list, fits `fits`, in which V stands for it."""
    arms = Arms(text=fits)
    if isinstance(reference, Column):
        return _of_column(reference, arms)
    return NO if isinstance(reference, Flag | Number) else _case(reference, arms, _elements(writer, reference, arms))


def _arms(writer: Writer, predicate: Predicate) -> Arms:
    operator, value = predicate.operator, predicate.value
    _refuse_templates(value)
    if operator in ("==", "!="):
        arms = _membership(writer, (value,))
        return arms if operator == "==" else _negated(arms)
    if operator in ("in", "not in"):
        if not isinstance(value, tuple):
            raise BadValue(f"'{operator}' needs a list, not {written(value)}", f"write it like {predicate.path} {operator} [a, b]")
        arms = _membership(writer, value)
        return arms if operator == "in" else _negated(arms, missing=NO)
    if operator in ("=~", "!~"):
        return _regex(writer, predicate)
    return _order(writer, predicate)


def _membership(writer: Writer, values: tuple[Value, ...]) -> Arms:
    texts, numbers, composites, flags = list[Scalar](), list[Scalar](), list[Scalar](), set[bool]()
    for value in values:
        if isinstance(value, bool):
            flags.add(value)
            texts += [str(value).lower(), str(value)]
        elif isinstance(value, int | float):
            numbers.append(value)
            texts.append(str(value))
        elif isinstance(value, str):
            texts.append(value)
            texts += [iso(moment)] if (moment := _moment(value)) is not None else []
            numbers += [float(value) if "." in value else int(value)] if re.fullmatch(_NUMBER, value) else []
            flags |= {value.lower() == "true"} if value.lower() in ("true", "false") else set()
        elif value is not None:
            composites.append(_json(value))
    composite = writer.one_of(J, composites) if composites else NO
    return Arms(
        text=writer.one_of(V, texts) if texts else NO,
        number=writer.one_of(V, numbers) if numbers else NO,
        true=YES if True in flags else NO,
        false=YES if False in flags else NO,
        array=composite,
        object=composite,
        missing=YES if None in values else NO,
    )


def _negated(arms: Arms, missing: str | None = None) -> Arms:
    turned = {name: _not(getattr(arms, name)) for name in Arms._fields}
    return Arms(**(turned | ({"missing": missing} if missing else {})))


def _not(sql: str) -> str:
    return {NO: YES, YES: NO}.get(sql) or f"NOT ({sql})"


def _regex(writer: Writer, predicate: Predicate) -> Arms:
    from resh.graph.regex import readable

    value = predicate.value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
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


def _order(writer: Writer, predicate: Predicate) -> Arms:
    operator, value = predicate.operator, predicate.value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValue(f"'{operator}' needs a number, a text, a date or a duration, not {written(value)}")
    if not isinstance(value, str):
        return Arms(number=f"{V} {operator} {writer.bind(value)}")
    number = f"{V} {operator} {writer.bind(float(value))}" if re.fullmatch(_NUMBER, value) else NO
    moment = _moment(value)
    text = f"{V} {operator} {writer.bind(value if moment is None else iso(moment))}"
    if _is_duration(value):
        glob, then = writer.bind(_DATE_GLOB), writer.bind(iso(writer.now + _seconds(value)))
        text = f"iif({V} GLOB {glob}, {V} {operator} {then}, {text})"
    return Arms(text=text, number=number)


def _moment(value: str) -> float | None:
    """Epoch seconds of a text that is a date with a time; stored times are ISO in UTC and compare as text."""
    if not re.fullmatch(_MOMENT, value):
        return None
    from resh.durations import parse_time

    try:
        return parse_time(value, 0)
    except BadValue:
        return None


def _is_duration(value: str) -> bool:
    from resh.durations import is_duration

    return is_duration(value)


def _seconds(duration: str) -> float:
    """Bounded, so that every moment that it leads to has a date."""
    from resh.durations import parse_duration

    return max(-5e10, min(5e10, parse_duration(duration)))


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


def _of_json(writer: Writer, reference: Json | Element, arms: Arms, predicate: Predicate) -> str:
    whole = isinstance(predicate.value, Object | tuple) and predicate.operator in ("==", "!=")
    if predicate.modifier:
        return _modified(writer, reference, arms, predicate.modifier)
    array = arms.array if whole else _elements(writer, reference, arms)
    if predicate.operator == "in" and arms.array != NO:
        array = f"({arms.array} OR {array})"
    elif predicate.operator == "not in" and arms.array != YES:
        array = f"({arms.array} AND {array})"
    if isinstance(reference, Json) and reference.is_cheap and (quick := sieve(writer, predicate)):
        return _sieved(reference, quick, arms, array)
    return _case(reference, arms, array)


def _sieved(reference: Json, quick: Sieve, arms: Arms, array: str) -> str:
    """The same result, but missing where nothing is found, so that fewer types are looked at."""
    fits = f"({quick.exact} OR {V} BETWEEN '[' AND '\\' AND {array})" if quick.exact else _case(reference, arms.changed(number=YES), array)
    return f"({quick.dropping} AND {fits})".replace(V, f"({reference.value})")


def _alone(arms: Arms, modifier: str) -> Arms:
    """With a modifier a scalar is an array of one, and what is missing fits none of the three."""
    if not modifier:
        return arms
    return _negated(arms, missing=NO) if modifier == "none" else arms.changed(missing=NO)


def _modified(writer: Writer, reference: Json | Element, arms: Arms, modifier: str) -> str:
    """`all`, `any`, `none` of an array."""
    if modifier == "all":
        array = f"NOT {_elements(writer, reference, arms, lambda fits: f'({fits}) IS NOT TRUE')}"
    else:
        array = f"{'NOT ' if modifier == 'none' else ''}{_elements(writer, reference, arms)}"
    return _case(reference, _alone(arms, modifier), array)


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


def _json(value: Value) -> str:
    """A list or an object as the graph has it: no spaces, keys in order."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, Object):
        return "{" + ",".join(f"{written(key)}:{_json(item)}" for key, item in sorted(dict(value.pairs).items())) + "}"
    return written(value)


def _refuse_templates(value: Value) -> None:
    if isinstance(value, Template):
        raise UsageError(f"the template {value.text} is not supported yet", "write the value itself")
    if isinstance(value, tuple):
        for item in value:
            _refuse_templates(item)
    elif isinstance(value, Object):
        for _, item in value.pairs:
            _refuse_templates(item)
