"""`workflows`: list, show, write, run, stop, schedule, and look back at runs."""

from __future__ import annotations

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Rows
from resh.commands.workflow_edit import (
    definition,
    row,
    run_add,
    run_copy,
    run_delete,
    run_disable,
    run_edit,
    run_enable,
    run_schedule,
)
from resh.commands.workflow_runs import run_history, run_log, run_run, run_running, run_stop
from resh.durations import format_duration
from resh.workflows.definitions import Definitions


def run_list(context: Context, rows: Rows) -> Rows:
    definitions = context.app.runner.definitions
    yield from (row(workflow) for workflow in definitions.values())
    if isinstance(definitions, Definitions):
        for name, why in definitions.broken.items():
            context.sink.note(f"workflow {name} is not understood: {why} (workflows edit {name} replaces it)")


def run_show(context: Context, rows: Rows, name: str, text: bool) -> Rows:
    workflow = definition(context, name)
    if text:
        from resh.workflows.written import write

        written = context.app.tables.workflows.all().get(name)
        yield from (written.text if written and written.text else write(workflow)).splitlines()
        return
    for step in workflow.steps:
        yield {
            "step": step.name,
            "action": f"{step.action}: {step.what}" if step.what else step.action,
            "timeout": format_duration(step.timeout),
            "on_error": step.on_error,
            "events": [f"pre_{step.name}", step.name, f"post_{step.name}"],
        }


_NAME = Argument("name", help="name of a workflow", complete="workflow")
_RUN = Argument("run", help="id of a run, such as 01a7", complete="run")
_TEXT = Argument("text", help="the workflow in YAML, in quotes", raw=True, later=True, complete="free")
_NIGHTLY = "'{schedule: 0 3 * * *, steps: [collect, {run: search is(volume) and age > 90d | count, name: report}]}'"

WORKFLOWS = Command(
    "workflows",
    None,
    "list, write, run, follow, stop and look back at workflows",
    SOURCE,
    help="A workflow is a list of steps; each step is framed by the events pre_<step>, <step> and post_<step>.",
    subcommands=(
        Command("list", run_list, "all workflows with what starts them", examples=(("workflows list", "what can be run"),)),
        Command(
            "show",
            run_show,
            "the steps of a workflow",
            arguments=(_NAME,),
            options=(Option("text", help="as it is written: to be changed, and given to workflows edit"),),
            examples=(("workflows show collect_and_cleanup", "its steps"), ("workflows show cleanup --text", "to start from")),
        ),
        Command(
            "run",
            run_run,
            "start a workflow",
            role=Role.operator,
            arguments=(_NAME,),
            options=(
                Option("wait", help="until it ends"),
                Option("follow", help="until it ends, and print what happens"),
                Option("step", str, None, "only this step; repeatable", "step", many=True),
            ),
            help="Exit status with --wait or --follow: 0 ok, 3 partial, 1 failed, 130 cancelled. Ctrl-C asks whether the run goes on "
            "without you; in a script it ends the run. In a script it always waits: the run would end with the script.",
            examples=(
                ("workflows run metrics --follow", "generate metrics and see the events"),
                ("workflows run collect_and_cleanup --step cleanup_plan --wait", "one step of it"),
            ),
        ),
        Command(
            "stop",
            run_stop,
            "cancel a run",
            role=Role.operator,
            arguments=(_RUN,),
            options=(
                Option("scope", str, None, "only this cloud, account or region of a collect; repeatable", many=True, complete="scope"),
            ),
            help="Nothing new begins; calls that are under way are waited for. A scope is written as workflows running shows it, such as "
            "aws/123456789012/eu-west-1. Of an account that is stopped nothing is merged; in a region that is stopped, what was not read "
            "yet stays as it was, and counts as stale.",
            examples=(
                ("workflows stop 01a7", "its calls end, nothing new begins"),
                ("workflows stop 01a7 --scope 123456789012/eu-west-1", "that region; the others go on"),
            ),
        ),
        Command("running", run_running, "what runs now", examples=(("workflows running", "runs of every resh on this state folder"),)),
        Command(
            "history",
            run_history,
            "past runs, newest first",
            arguments=(Argument("name", required=False, help="only of this workflow", complete="workflow"),),
            options=(
                Option("limit", int, 10, "how many runs"),
                Option("started-after", str, None, "a time, or how long ago: 1d", complete="moment"),
                Option("started-before", str, None, "a time, or how long ago", complete="moment"),
                Option("has-errors", help="only those with something wrong"),
            ),
            examples=(
                ("workflows history --limit 3", "the last three runs"),
                ("workflows history collect_and_cleanup --started-after 7d --has-errors", "what went wrong this week"),
            ),
        ),
        Command(
            "log",
            run_log,
            "the events of a run, and what its command lines wrote",
            arguments=(_RUN,),
            options=(Option("follow", help="until it ends"),),
            examples=(("workflows log 01a7", "all that happened in it"),),
        ),
        Command(
            "add",
            run_add,
            "keep a workflow of your own",
            role=Role.operator,
            arguments=(Argument("name", help="its name", complete="free"), _TEXT),
            help="In YAML: description; schedule (a cron expression, or every 6h), event (with conditions) and start: true (of a shell) "
            "start it; running says what becomes of a start while it runs: skip, wait, replace, parallel; steps are built-in steps, run "
            "(a command line, with what you may do), wait (for an event) and emit (nothing but its events), each with name, timeout and "
            "on_error (continue or stop).",
            examples=((f"workflows add nightly {_NIGHTLY}", "two steps, every night"),),
        ),
        Command(
            "edit",
            run_edit,
            "replace a workflow of your own",
            role=Role.operator,
            arguments=(_NAME, _TEXT),
            examples=(("workflows edit tidy 'steps: [cleanup_plan, {wait: login, timeout: 8h}, cleanup]'", "it waits for somebody"),),
        ),
        Command(
            "copy",
            run_copy,
            "a copy of a workflow, which nothing starts",
            role=Role.operator,
            arguments=(_NAME, Argument("new", help="name of the copy", complete="free")),
            examples=(("workflows copy cleanup my_cleanup", "one that you may change"),),
        ),
        Command(
            "delete",
            run_delete,
            "forget a workflow of your own",
            role=Role.operator,
            arguments=(_NAME,),
            examples=(("workflows delete tidy", "its history stays"),),
        ),
        Command(
            "enable",
            run_enable,
            "let a workflow start by itself again",
            role=Role.operator,
            arguments=(_NAME,),
            examples=(("workflows enable tidy", "on its schedule, at its event"),),
        ),
        Command(
            "disable",
            run_disable,
            "let nothing but workflows run start it",
            role=Role.operator,
            arguments=(_NAME,),
            examples=(("workflows disable tidy", "for a while"),),
        ),
        Command(
            "schedule",
            run_schedule,
            "what starts next, and in how long; or another schedule",
            arguments=(
                Argument("name", required=False, help="only this workflow", complete="workflow"),
                Argument("expression", required=False, help="its new schedule, in quotes; '' for none", complete="schedule"),
            ),
            examples=(
                ("workflows schedule", "workflows and jobs, soonest first"),
                ("workflows schedule metrics 'every 30m'", "another schedule; it needs the role operator"),
            ),
        ),
    ),
)
