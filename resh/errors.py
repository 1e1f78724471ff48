"""Every error that resh raises on purpose.

    ReshError                 1    something failed; the message says what, the hint what to do
    ├── UsageError            2    the line, an option or a value is wrong
    │   ├── SyntaxProblem     2    the text does not parse; carries the place
    │   ├── UnknownKind       2    is(…) names a kind that no cloud has
    │   └── BadValue          2    a value does not fit: date, duration, number, setting
    ├── UnknownCommand      127    no command of that name
    ├── Denied              126    the role does not allow it
    ├── TimedOut            124    a limit ran out
    ├── Partial               3    there is a result, but not of everything
    ├── Cancelled           130    a person or a shutdown stopped it
    ├── AlreadyRunning        1    the workflow runs at this moment; carries the run
    ├── StateError            1    the state folder: corrupt, newer, locked, unwritable
    ├── GraphError            1    the graph store refuses
    ├── SendFailed            1    a message did not arrive; says whether another attempt may help
    │   └── AddressRefused    1    it would go to an address that is refused
    └── ProviderError         1    a cloud refuses
        ├── NotConfigured     1    no account, no credentials
        └── CallFailed        1    one API call failed; carries operation, code and the cloud's message
            └── GaveUp        1    the cloud had accepted it, and has failed to do it

Users see `message` and `hint`, one line each, and the exit code; never a traceback unless they ask with --debug.
"""

from __future__ import annotations


class ReshError(Exception):
    exit_code = 1
    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ReshError):
    exit_code = 2
    code = "usage"


class SyntaxProblem(UsageError):
    """`position` is the 0-based offset into `text`; `expected` names what may stand there."""

    code = "syntax"

    def __init__(self, message: str, text: str, position: int, expected: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint)
        self.text = text
        self.position = position
        self.expected = expected


class UnknownKind(UsageError):
    code = "unknown_kind"


class BadValue(UsageError):
    code = "bad_value"


class UnknownCommand(ReshError):
    exit_code = 127
    code = "unknown_command"


class Denied(ReshError):
    exit_code = 126
    code = "denied"


class TimedOut(ReshError):
    exit_code = 124
    code = "timed_out"


class Partial(ReshError):
    exit_code = 3
    code = "partial"


class Cancelled(ReshError):
    exit_code = 130
    code = "cancelled"

    def __init__(self, message: str = "cancelled", hint: str = "") -> None:
        super().__init__(message, hint)


class AlreadyRunning(ReshError):
    """`run` is the id of the run that is under way; empty when it has none yet."""

    code = "already_running"

    def __init__(self, message: str, run: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.run = run


class StateError(ReshError):
    code = "state"


class GraphError(ReshError):
    code = "graph"


class SendFailed(ReshError):
    code = "send_failed"

    def __init__(self, message: str, hint: str = "", again: bool = False) -> None:
        super().__init__(message, hint)
        self.again = again


class AddressRefused(SendFailed):
    code = "address_refused"


class ProviderError(ReshError):
    code = "provider"


class NotConfigured(ProviderError):
    code = "not_configured"


class CallFailed(ProviderError):
    """`operation` as the cloud names it (`ec2:DescribeVolumes`), `error` its error code, `message` its own words."""

    code = "call_failed"

    def __init__(self, operation: str, error: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.operation = operation
        self.error = error


class GaveUp(CallFailed):
    """The call was accepted; what it asked for has come to nothing since."""

    code = "gave_up"
