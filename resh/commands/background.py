"""`background`: what was started with `&` and still runs; stop one."""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Role, Rows
from resh.errors import ReshError


def run_list(context: Context, rows: Rows) -> Rows:
    for job in context.app.background.jobs(_whose(context)):
        yield {"number": job.number, "user": job.user, "since": iso(job.since), "line": job.line}


def run_stop(context: Context, rows: Rows, number: int) -> Rows:
    jobs = {job.number: job for job in context.app.background.jobs(_whose(context))}
    if number not in jobs:
        known = ", ".join(map(str, jobs)) or "none runs"
        raise ReshError(f"there is no background command {number} of yours", f"background list shows them: {known}")
    context.app.background.stop(number, f"stopped by {context.user}")
    yield f"{number} stops"


def _whose(context: Context) -> str:
    """An admin sees those of everybody."""
    return "" if context.role is Role.admin else context.user


BACKGROUND = Command(
    "background",
    None,
    "commands that were started with &",
    SOURCE,
    help="A line that ends in & goes on by itself, also after a disconnect; its output is a file in exports/<user> of the state folder, "
    "which sftp reads; ssh.exports_size is how much there may be. An event tells of its end. When resh ends, it is cancelled. An admin "
    "sees, and stops, those of everybody.",
    subcommands=(
        Command("list", run_list, "those that run, on every resh of the state folder", examples=(("background list", "yours"),)),
        Command(
            "stop",
            run_stop,
            "cancel one",
            arguments=(Argument("number", int, help="its number", complete="background"),),
            examples=(("background stop 1", "cancel it"),),
        ),
    ),
)
