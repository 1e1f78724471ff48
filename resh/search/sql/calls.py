"""The functions of conditions as SQL: has_key, in_subnet, has_desired_change.

called(scope, Call("in_subnet", "private_ips", ("10.0.0.0/8",)))
"""

from __future__ import annotations

from collections.abc import Callable

from resh.errors import BadValue, UsageError
from resh.search.paths import place
from resh.search.sql.arms import V
from resh.search.sql.compare import test_text
from resh.search.sql.reference import Element, Json, Reference
from resh.search.sql.scope import Scope
from resh.search.terms import Call, Value, written


def called(scope: Scope, call: Call) -> str:
    return _FUNCTIONS[call.function](scope, call)


def _has_key(scope: Scope, call: Call) -> str:
    """All of the keys are there, whatever they hold: null too."""
    keys = [key if isinstance(key, str) else written(key) for key in _arguments(call, "has_key(tags, owner)")]

    def has(reference: Reference) -> str:
        if not isinstance(reference, Json | Element):
            return "0"
        return " AND ".join(f"{reference.at((key,)).type} IS NOT NULL" for key in keys)

    return scope.read(call.path, lambda reference: f"({has(reference)})")


def _in_subnet(scope: Scope, call: Call) -> str:
    """The address, or any of a list of them, lies in one of the networks."""
    from resh.graph.subnet import networks

    example = 'in_subnet(private_ip_address, "10.0.0.0/8")'
    wanted = _arguments(call, example)
    for network in wanted:
        if not isinstance(network, str) or len(networks(network)) != 1:
            raise BadValue(f"{written(network)} is not a network", f"write it like {example}")
    within = f"resh_in_subnet({scope.writer.bind(' '.join(map(str, wanted)))}, {V})"
    return scope.read(call.path, lambda reference: test_text(scope.writer, reference, within))


def _has_desired_change(scope: Scope, call: Call) -> str:
    """Somebody wants another value there than the cloud reports."""
    found = place(call.path)
    if call.arguments or None in found.steps or found.section not in ("reported", "desired"):
        raise UsageError(f"{call}: has_desired_change needs one property", "write it like has_desired_change(clean)")
    wanted, there = Json(scope.column("desired"), found.steps), Json(scope.document(), found.steps)
    numbers = f"{wanted.type} IN ('integer', 'real') AND {there.type} IN ('integer', 'real')"
    differs = f"iif({numbers}, {wanted.value} <> {there.value}, ({wanted.text}) IS NOT ({there.text}))"
    return f"({wanted.value} IS NOT NULL AND {differs})"


def _arguments(call: Call, example: str) -> list[Value]:
    """What stands behind the path, in a list or not."""
    found = [value for argument in call.arguments for value in (argument if isinstance(argument, tuple) else (argument,))]
    if not found:
        raise UsageError(f"{call}: something is missing behind the path", f"write it like {example}")
    return found


_FUNCTIONS: dict[str, Callable[[Scope, Call], str]] = {
    "has_key": _has_key,
    "in_subnet": _in_subnet,
    "has_desired_change": _has_desired_change,
}
