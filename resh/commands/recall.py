"""`recall`: lines that were typed before, with search. (`history` is about the graph.)"""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows

_MOST = 20


def run(context: Context, rows: Rows, words: tuple[str, ...], number: int) -> Rows:
    """Oldest first, as they stand on a screen: the last one is next to the prompt."""
    typed = context.desk.typed() if context.desk else ()
    wanted = [word.lower() for word in words]
    found = [line for line in typed if all(word in line.text.lower() for word in wanted)]
    for line in found[-number:] if number > 0 else ():
        context.cancel.check()
        yield {"line": line.text, "at": iso(line.at) if line.at else None}


RECALL = Command(
    "recall",
    run,
    "lines that you typed before",
    SOURCE,
    arguments=(Argument("words", required=False, help="all of which are in the line", many=True, complete="free"),),
    options=(Option("number", int, _MOST, "how many, the last ones", short="n"),),
    help="Ctrl-R looks through them while you type. Lines that start with a blank, or may hold a secret, are not kept. $1 is the first one "
    "in the next line: edit $1 puts it into your editor.",
    examples=(("recall", "the last ones"), ("recall -n 5 volume", "the last five about volumes")),
)
