"""`exports`: the files of one's export folder, where `write` puts them over SSH, and lines that end in `&`."""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Rows


def run_list(context: Context, rows: Rows) -> Rows:
    for name, facts in context.exports.all():
        yield {"file": name, "size": facts.st_size, "written": iso(facts.st_mtime)}


def run_delete(context: Context, rows: Rows, files: tuple[str, ...]) -> Rows:
    for file in files:
        context.exports.delete(file)
        yield f"{file} deleted"


EXPORTS = Command(
    "exports",
    None,
    "files that you wrote over SSH",
    SOURCE,
    help="They are in exports/<user> of the state folder. sftp reads them, and changes nothing there.",
    subcommands=(
        Command("list", run_list, "what is there", examples=(("exports list", "all of it"),)),
        Command(
            "delete",
            run_delete,
            "make room",
            arguments=(Argument("files", help="names as exports list shows them", many=True, complete="export"),),
            examples=(("exports delete volumes.csv", "one of them"),),
        ),
    ),
)
