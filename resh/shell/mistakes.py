"""What is wrong with a line while it is typed, in the words that the evaluator would use.

    mistake("search is(volumee) and ", vocabulary)      there is no kind 'volumee' (did you mean volume …)

Nothing is said of what may still become right: the last word, a string that is not closed, a search that only lacks its end.
"""

from __future__ import annotations

from resh.commands.arguments import raw_start
from resh.commands.line import FOREIGN, cuts, without_comments
from resh.commands.meaning import check
from resh.commands.redirect import arrow
from resh.commands.table import NAMES, load
from resh.errors import ReshError, SyntaxProblem
from resh.model.kinds import Kinds
from resh.placeholders import masked
from resh.search.expect import Place
from resh.search.parser import parse
from resh.search.tokens import may_go_on
from resh.shell.evaluate import describe
from resh.shell.inner import inner_start
from resh.shell.vocabulary import Vocabulary


def mistake(text: str, vocabulary: Vocabulary) -> str:
    """The message of the first mistake; nothing when there is none."""
    clean = without_comments(text)
    for cut in cuts(clean, strict=False):
        try:
            _check(clean[cut.start : cut.end], bool(cut.separator), vocabulary)
        except ReshError as error:
            return describe(error, interactive=True)[-1]
    return ""


def _check(stage: str, finished: bool, vocabulary: Vocabulary) -> None:
    """Raises what the evaluator would raise."""
    name, blank, rest = stage[inner_start(stage) :].lstrip().partition(" ")
    if name.startswith(FOREIGN):
        return
    if found := arrow(name, rest):
        rest, finished = rest[: found.start()], True
    if name and "=" not in name and (blank or finished):
        vocabulary.repertoire.find(name)
    if name in NAMES and NAMES[name].name == "search":
        _check_search(masked(rest[raw_start(load(NAMES[name]), rest) :]), finished, vocabulary.kinds())


def _check_search(text: str, finished: bool, kinds: Kinds) -> None:
    """What has parameters is another search when they are filled."""
    if "{{" in text:
        return
    for kind in Place(text).standing.named:
        kinds[kind]
    try:
        query = parse(text) if text.strip() else None
    except SyntaxProblem as error:
        if finished or not may_go_on(text, error.position):
            raise
    else:
        if query and (finished or text[-1:].isspace()):
            check(query, kinds.property_types, kinds.property_types)
