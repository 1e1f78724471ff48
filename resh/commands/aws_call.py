"""`aws <service> <operation> …`: any operation of AWS's API, once or for each resource, written as for the AWS CLI.

Whatever is asked, it goes the way of a collect: the account's own credentials, the resource's region, and no change where settings
allow none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from resh.commands.base import START, Context, Row, Rows
from resh.commands.counted import counted
from resh.commands.line import words
from resh.commands.lookup import documents
from resh.commands.places import fill, has_places
from resh.errors import BadValue, CallFailed, UsageError
from resh.graph.base import Document
from resh.providers.counting import Counting, carried
from resh.record import Record

if TYPE_CHECKING:
    from concurrent.futures import Future

    from resh.providers.aws.provider import AwsProvider
    from resh.providers.aws.request import Request

_SHOWN = 3
_MOST_AT_ONCE = 16
Answer = list[Row] | CallFailed | BadValue


class _Aim(Record):
    """Where a request goes, and the resource that fills its places."""

    account: str
    region: str
    node: Document | None = None

    @property
    def name(self) -> str:
        return str(self.node["reported"].get("id")) if self.node else f"account {self.account}"


Ask = Callable[[_Aim], Answer]


def run(context: Context, rows: Rows, request: str) -> Rows:
    with counted(context, "aws") as counting:
        yield from _asked(context, rows, request, counting)


def _asked(context: Context, rows: Rows, request: str, counting: Counting) -> Rows:
    from resh.providers.aws.request import Requests

    provider: AwsProvider = context.app.providers["aws"]  # type: ignore[assignment]
    wanted = Requests().read([word for word, _ in words(request)])
    if not any(map(has_places, wanted.words())):
        wanted.params(str)  # what is wrong is so for every resource: say it once, before anything is asked
    with counting:
        ask = carried(partial(_ask, context, provider, wanted))
        aims = iter([_start(provider, wanted)]) if rows is START else _of_rows(context, wanted, rows)
    if not provider.only_reads(wanted.operation):
        agreed = list(aims)
        if agreed:
            context.confirm(_question(wanted, agreed))
        aims = iter(agreed)
    yield from _answers(context, ask, aims)


def _start(provider: AwsProvider, request: Request) -> _Aim:
    """The account that the request names, or the only one there is."""
    accounts, wanted = provider.accounts(), request.own.get("account")
    fitting = [account for account in accounts if wanted in (None, account.id, account.name)]
    if not fitting:
        raise UsageError(f"aws: there is no account '{wanted}'", "aws accounts lists them")
    if len(fitting) > 1:
        raise UsageError(f"aws: which of {len(fitting)} accounts?", "say --account <id>; aws accounts lists them")
    return _Aim(fitting[0].id, request.own.get("region", "global"))


def _of_rows(context: Context, request: Request, rows: Rows) -> Iterator[_Aim]:
    for document in documents(context, rows):
        ancestors = document["ancestors"]
        if ancestors.get("cloud", {}).get("reported", {}).get("id") != "aws":
            context.sink.note(f"{document['kind']} {document['reported'].get('id')} is not of AWS")
            context.status = 3
            continue
        account, region = (ancestors[level]["reported"]["id"] for level in ("account", "region"))
        yield _Aim(request.own.get("account", account), request.own.get("region", region), document)


def _question(request: Request, aims: list[_Aim]) -> str:
    names = ", ".join(aim.name for aim in aims[:_SHOWN]) + (f" and {len(aims) - _SHOWN} more" if len(aims) > _SHOWN else "")
    accounts = len({aim.account for aim in aims})
    return f"{request.operation} for {names}{f' in {accounts} accounts' if accounts > 1 else ''}: go on?"


def _answers(context: Context, ask: Ask, aims: Iterator[_Aim]) -> Rows:
    """Several at a time, in the order of the resources."""
    from resh.providers.executor import DaemonExecutor

    first = next(aims, None)
    if first is None:
        return
    done = failed = 0
    threads = 1 if first.node is None else min(_MOST_AT_ONCE, context.app.settings.number("aws.concurrency"))
    executor = DaemonExecutor(threads)
    try:
        for aim, answer in _in_turn(executor.submit, ask, chain([first], aims), threads):
            context.cancel.check()
            if isinstance(answer, CallFailed | BadValue):
                failed += 1
                context.sink.note(f"{aim.name}: {answer.message}{f' ({answer.hint})' if answer.hint else ''}")
            else:
                done += 1
                yield from answer
    finally:
        executor.shutdown(wait=False)
    if failed:
        context.status = 3 if done else 1


def _in_turn(submit: Callable[..., Future[Answer]], work: Ask, aims: Iterator[_Aim], threads: int) -> Iterator[tuple[_Aim, Answer]]:
    """Few wait, so that endless rows need little memory and nothing is asked for long after somebody has had enough."""
    waiting: deque[tuple[_Aim, Future[Answer]]] = deque()
    for aim in aims:
        waiting.append((aim, submit(work, aim)))
        if len(waiting) >= 2 * threads:
            before, future = waiting.popleft()
            yield before, future.result()
    for before, future in waiting:
        yield before, future.result()


def _ask(context: Context, provider: AwsProvider, request: Request, aim: _Aim) -> Answer:
    try:
        context.cancel.check()
        pages = provider.ask(aim.account, aim.region, request.call, request.params(lambda text: fill(text, aim.node)), context.cancel)
        found = list(chain.from_iterable(_rows(request.chosen(_plain(page))) for page in pages))
    except (CallFailed, BadValue) as error:
        return error
    return found or [_done(request, aim)]


def _rows(answer: Any) -> list[Row]:
    """The elements of the one list that an answer has; else the answer, as far as there is one."""
    if isinstance(answer, dict):
        lists = [inner for inner in answer.values() if isinstance(inner, list)]
        others = [name for name, inner in answer.items() if not isinstance(inner, list) and not _is_token(name)]
        answer = lists[0] if len(lists) == 1 and not others else answer
    if isinstance(answer, list):
        return answer
    return [] if answer is None or answer == {} else [answer]


def _is_token(name: str) -> bool:
    return name.lower().endswith(("token", "marker")) or name in ("IsTruncated", "MaxItems", "MaxResults")


def _done(request: Request, aim: _Aim) -> Row:
    """An answer without words: that it was given."""
    row = {"operation": request.operation, "result": "done", "account": aim.account, "region": aim.region}
    return {**row, "id": aim.node["reported"].get("id"), "node_id": aim.node["id"]} if aim.node else row


def _plain(found: Any) -> Any:
    """As JSON has it. A stream is read to its end."""
    if isinstance(found, dict):
        return {name: _plain(inner) for name, inner in found.items()}
    if isinstance(found, list):
        return [_plain(inner) for inner in found]
    if isinstance(found, date):
        return found.isoformat()
    if hasattr(found, "read"):
        found = found.read()
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found
