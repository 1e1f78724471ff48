"""`templates`: searches with parameters, kept by name. A search uses one with `expand(name, parameter=value)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from resh.commands.base import SOURCE, Argument, Command, Context, Role, Row, Rows
from resh.commands.line import unquote
from resh.errors import ReshError, SyntaxProblem, UsageError
from resh.search.mustache import parameters, pieces
from resh.text import did_you_mean

_SHOWN = 70
_NAME = re.compile(r"\w[\w-]*")


def run_list(context: Context, rows: Rows) -> Rows:
    for name, text in context.app.tables.templates.stored().items():
        yield _row(name, text)


def run_show(context: Context, rows: Rows, name: str) -> Iterator[str]:
    yield _stored(context)[_known(context, name)]


def run_own(context: Context, rows: Rows, name: str | None) -> Rows:
    """As people write it who have no more to say than a name, or not even that."""
    if name is None:
        yield from run_list(context, rows)
        return
    stored = _stored(context)
    if name not in stored:
        hint = did_you_mean(name, [*stored, *(sub.name for sub in TEMPLATES.subcommands)])
        raise UsageError(f"there is no template '{name}'", hint or "templates list shows all")
    yield stored[name]


def run_add(context: Context, rows: Rows, name: str, template: str) -> Rows:
    text = _checked(template)
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a template", "a name has letters, digits, _ and -")
    if not context.app.tables.templates.add(name, text):
        raise UsageError(f"there is a template {name} already", f"templates update {name} replaces it")
    yield _row(name, text)


def run_update(context: Context, rows: Rows, name: str, template: str) -> Rows:
    text = _checked(template)
    if not context.app.tables.templates.change(_known(context, name), text):
        raise ReshError(f"the template {name} has just been deleted", f"templates add {name} makes it anew")
    yield _row(name, text)


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    before = _stored(context)
    context.app.tables.templates.remove(_known(context, name))
    users = [other for other, text in before.items() if other != name and re.search(rf"\bexpand\(\s*{re.escape(name)}\b(?!-)", text)]
    if users:
        context.sink.note(f"still expanded by {', '.join(users)}")
    yield _row(name, before[name])


def run_test(context: Context, rows: Rows, template: str) -> Iterator[str]:
    from resh.search.settings_text import settings
    from resh.search.templates import render

    values, text = settings(template)
    if "{{" not in text:
        hint = "values first, then the text: templates test age=3d is(volume) and age > {{age}}"
        raise UsageError(f"templates: nothing in '{text}' is to be filled in", hint)
    yield render(unquote(text), values, context.app.clock.now())


def _row(name: str, text: str) -> Row:
    shown = " ".join(text.split())
    wanted = parameters(pieces(text))
    return {
        "name": name,
        "template": shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…",
        "parameters": ", ".join(parameter if needed else f"[{parameter}]" for parameter, needed in wanted.items()),
    }


def _checked(template: str) -> str:
    from resh.search.template_check import check

    text = unquote(template).strip()
    try:
        check(text)
    except SyntaxProblem as error:
        hint = error.hint or "a template becomes a search: {{name}} stands for a value, {{{name}}} for text as it is"
        raise SyntaxProblem(error.message, text, error.position, error.expected, hint) from None
    return text


def _stored(context: Context) -> Mapping[str, str]:
    return context.app.tables.templates.stored()


def _known(context: Context, name: str) -> str:
    stored = _stored(context)
    if name not in stored:
        raise UsageError(f"there is no template '{name}'", did_you_mean(name, stored) or "templates list shows all")
    return name


_EXISTING = Argument("name", help="a template", complete="template")
_TEXT = Argument("template", help="a search, or a condition, with {{parameters}}", raw=True, later=True, complete="search text")

TEMPLATES = Command(
    "templates",
    run_own,
    "searches with parameters, kept by name",
    SOURCE,
    arguments=(Argument("name", required=False, help="a template to show; without it all are listed", complete="template"),),
    examples=(("templates", "all of them"), ("templates old", "the text of one")),
    help="A search uses one with expand(name, parameter=value). {{x}} is a value and stays one, whatever it holds; {{{x}}} is text as it "
    "is; {{#x}}…{{/x}} is left out when x is not given, and repeated when it is a list. {{x.ago}} and {{x.from_now}} make a time of a "
    "duration.",
    subcommands=(
        Command("list", run_list, "all templates with their parameters, [those] may be left out", examples=(("templates list", "all"),)),
        Command("show", run_show, "the text of one", arguments=(_EXISTING,), examples=(("templates show old", "one in full"),)),
        Command(
            "add",
            run_add,
            "keep a new one",
            role=Role.operator,
            arguments=(Argument("name", help="its name", complete="free"), _TEXT),
            help="It is checked: with something in the place of its parameters it must be a search. Placeholders such as @TODAY@ are "
            "filled when it is used.",
            examples=(
                ("templates add big is({{kind}}) and volume_size > {{size}}", "two parameters"),
                ("search expand(old, kind=volume, age=14d) | count", "the use of one"),
            ),
        ),
        Command(
            "update",
            run_update,
            "replace the text of one",
            role=Role.operator,
            arguments=(_EXISTING, _TEXT),
            examples=(
                ("templates update old is({{kind}}) and age > {{age}}{{#owner}} and tags.owner = {{owner}}{{/owner}}", "owner is optional"),
            ),
        ),
        Command(
            "delete",
            run_delete,
            "forget one",
            role=Role.operator,
            arguments=(_EXISTING,),
            examples=(("templates delete old", "searches that expand it fail from now on"),),
        ),
        Command(
            "test",
            run_test,
            "what comes out of a template with these values",
            arguments=(Argument("template", help="name=value, … and then the template", raw=True, later=True, complete="free"),),
            examples=(
                ("templates test kind=volume, age=3d is({{kind}}) and ctime < {{age.ago}}", "a duration becomes a time"),
                ("templates test ids=[vol-1, vol-2] id in {{ids}}", "a list"),
            ),
        ),
    ),
)
