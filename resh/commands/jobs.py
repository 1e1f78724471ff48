"""`jobs`: command lines that run by themselves, on a schedule, on an event, or on a schedule and then an event."""

from __future__ import annotations

import re
from dataclasses import replace

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.checked import checked
from resh.commands.job_runs import known, run_history, run_log, run_run, run_running, run_stop
from resh.commands.job_test import preview
from resh.commands.line import unquote
from resh.durations import format_duration, parse_duration
from resh.errors import BadValue, UsageError
from resh.jobs.hooks import schedule_name
from resh.state.jobs import Job
from resh.text import one_line

_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")


def run_list(context: Context, rows: Rows) -> Rows:
    last = {record.workflow: record for record in context.app.tables.job_runs.all()}
    due = {one.name: one.at for one in context.app.scheduler.upcoming()}
    for job in context.app.tables.jobs.all().values():
        record = last.get(job.id)
        yield {
            "id": job.id,
            "active": job.active,
            "schedule": job.schedule,
            "event": job.event,
            "next": iso(due[schedule_name(job.id)]) if schedule_name(job.id) in due else "",
            "last": f"{record.status} {iso(record.started)}" if record else "",
            "command": job.command,
        }


def run_show(context: Context, rows: Rows, id: str) -> Rows:
    yield _row(known(context, id))


def run_add(
    context: Context, rows: Rows, command: str, id: str | None, schedule: str | None, wait_for_event: str | None, timeout: str | None
) -> Rows:
    name = _new_id(context) if id is None else id
    if not _ID.fullmatch(name):
        raise UsageError(f"'{name}' is no id for a job", "an id has letters, digits, . _ and -, and 64 of them at most")
    there = context.app.tables.jobs.get(name)
    job = _checked(context, Job(name, ""), command, _given(schedule), _given(wait_for_event), timeout)
    _store(context, job)
    if there:
        context.sink.note(f"job {name} is replaced; it was: {one_line(there.command)}")
    yield _row(job)


def run_update(
    context: Context, rows: Rows, command: str | None, id: str | None, schedule: str | None, wait_for_event: str | None, timeout: str | None
) -> Rows:
    if id is None:
        raise UsageError("jobs update: --id is missing", "which job: jobs list shows all")
    job = known(context, id)
    schedule = job.schedule if schedule is None else _given(schedule)
    event = job.event if wait_for_event is None else _given(wait_for_event)
    changed = _checked(context, job, command if command is not None else job.command, schedule, event, timeout)
    _store(context, changed)
    yield _row(changed)


def run_delete(context: Context, rows: Rows, id: str) -> Rows:
    job = known(context, id)
    context.app.tables.jobs.remove(id)
    context.app.jobs.stop_job(id, context.user)
    context.app.settings_changed()
    yield _row(job)


def run_activate(context: Context, rows: Rows, id: str) -> Rows:
    job = known(context, id)
    if not (job.schedule or job.event):
        raise UsageError(f"job {id} has neither a schedule nor an event", f"jobs run {id} runs it; jobs update --id {id} gives it one")
    yield _switch(context, job, True)


def run_deactivate(context: Context, rows: Rows, id: str) -> Rows:
    yield _switch(context, known(context, id), False)


def run_test(context: Context, rows: Rows, id: str) -> Rows:
    yield from preview(context, known(context, id))


def _checked(context: Context, before: Job, command: str, schedule: str, event: str, timeout: str | None) -> Job:
    """The job as it would be kept. Raises what is wrong with any part of it."""
    line = unquote(command).strip()
    checked(line, context)
    if schedule:
        from resh.timing import parse

        parse(schedule)
    if event:
        from resh.events.trigger import checked as trigger

        trigger(event, context.app.event_names)
    seconds = before.timeout if timeout is None else _seconds(timeout)
    active = before.active or not before.command
    return replace(
        before,
        command=line,
        schedule=schedule,
        event=event,
        timeout=seconds,
        active=active,
        user=context.user,
        role=context.role.name,
        local=context.local,
        env=dict(context.given),
        changed=context.app.clock.now(),
    )


def _given(option: str | None) -> str:
    return "" if option in (None, "none") else str(option)


def _seconds(text: str) -> float:
    seconds = float(text) if text.replace(".", "", 1).isdecimal() else parse_duration(text)
    if seconds <= 0:
        raise BadValue(f"'{text}' is no time that a job may take", "write it like 30m; a number is seconds")
    return seconds


def _store(context: Context, job: Job) -> None:
    context.app.tables.jobs.put(job)
    context.app.settings_changed()


def _switch(context: Context, job: Job, active: bool) -> Row:
    context.app.tables.jobs.activate(job.id, active)
    context.app.settings_changed()
    return _row(replace(job, active=active))


def _new_id(context: Context) -> str:
    taken = context.app.tables.jobs.all()
    return next(name for number in range(1, len(taken) + 2) if (name := f"job-{number}") not in taken)


def _row(job: Job) -> Row:
    return {
        "id": job.id,
        "command": job.command,
        "schedule": job.schedule,
        "event": job.event,
        "timeout": format_duration(job.timeout),
        "active": job.active,
        "user": job.user,
        "role": job.role,
        "variables": dict(job.env),
    }


_EXISTING = Argument("id", help="a job", complete="job")
_LINE = Argument("command", help="the command line, best in single quotes", raw=True, later=True, complete="line")
_WHEN = (
    Option("id", str, None, "its name", complete="job"),
    Option(
        "schedule",
        str,
        None,
        "when: a cron expression such as '0 9 * * MON', @hourly, or 'every 15m'; with '~ 5m' up to so much later",
        "schedule",
    ),
    Option("wait-for-event", str, None, "an event, and conditions: 'post_collect counts.created>0'", complete="event"),
    Option("timeout", str, None, "how long it may run, and wait for its event: 30m, or seconds (default: 1h)", "duration"),
)

JOBS = Command(
    "jobs",
    None,
    "command lines that run on schedules and events",
    SOURCE,
    help="A workflow waits for the jobs at the events of its steps, such as post_collect. With a schedule and an event, the schedule "
    "starts the job, and the next such event within its time-out lets it run. A job never runs twice at once: one further run is "
    "remembered. It runs as who added it, with that role and the variables of the line.",
    subcommands=(
        Command("list", run_list, "all jobs", examples=(("jobs list", "what starts them, when next, and how they went"),)),
        Command("show", run_show, "one job in full", arguments=(_EXISTING,), examples=(("jobs show nag", "its command and its author"),)),
        Command(
            "add",
            run_add,
            "keep a command line, and say what starts it",
            role=Role.operator,
            arguments=(_LINE,),
            options=_WHEN,
            help="The line is checked: its commands, your role, its searches. Placeholders such as @TODAY@ are filled when it runs. "
            "What a prompt would ask is refused unless the line begins with yes=true. The id of a job that exists replaces it. "
            "Conditions are field=value, with = != < <= > >= and ~ for a regular expression.",
            examples=(
                ("jobs add --id old --schedule '0 9 * * MON' 'search is(volume) and age > 90d | count'", "every Monday at nine"),
                (
                    "jobs add --id mark --wait-for-event cleanup_plan 'search is(volume) and tags.owner = null | clean nobody owns it'",
                    "before each clean-up, which waits for it",
                ),
                (
                    "jobs add --schedule @daily --wait-for-event 'post_collect counts.created>0' 'search is(instance) | count'",
                    "once a day, after the next collect that found something new",
                ),
            ),
        ),
        Command(
            "update",
            run_update,
            "change a job; what is not given stays, none takes a schedule or an event off",
            role=Role.operator,
            arguments=(Argument("command", required=False, help="its new command line", raw=True, later=True, complete="line"),),
            options=_WHEN,
            examples=(("jobs update --id nag --schedule 'every 30m'", "another schedule"),),
        ),
        Command(
            "delete",
            run_delete,
            "forget a job, and stop it",
            role=Role.operator,
            arguments=(_EXISTING,),
            examples=(("jobs delete nag", "its history stays"),),
        ),
        Command(
            "activate",
            run_activate,
            "let its schedule and its event start it again",
            role=Role.operator,
            arguments=(_EXISTING,),
            examples=(("jobs activate nag", "from now on"),),
        ),
        Command(
            "deactivate",
            run_deactivate,
            "let nothing but jobs run start it",
            role=Role.operator,
            arguments=(_EXISTING,),
            examples=(("jobs deactivate nag", "for a while"),),
        ),
        Command(
            "run",
            run_run,
            "run a job now",
            role=Role.operator,
            arguments=(_EXISTING,),
            options=(Option("wait", help="until it ends, and print what it wrote"),),
            help="In a script it always waits. Exit status: 0 ok, 3 partial, 1 failed, 130 stopped.",
            examples=(("jobs run nag --wait", "and see what it says"),),
        ),
        Command("running", run_running, "jobs that run or wait", examples=(("jobs running", "of every resh on this state folder"),)),
        Command(
            "stop",
            run_stop,
            "end a run, or all that a job does",
            role=Role.operator,
            arguments=(Argument("run", help="id of a run such as j01a7, or of a job", complete="job"),),
            examples=(("jobs stop nag", "it may be started again"),),
        ),
        Command(
            "history",
            run_history,
            "past runs, newest first",
            arguments=(Argument("id", required=False, help="only of this job", complete="job"),),
            options=(Option("limit", int, 10, "how many runs"), Option("has-errors", help="only those with something wrong")),
            examples=(("jobs history nag --limit 3", "its last three runs"),),
        ),
        Command(
            "log",
            run_log,
            "what a run wrote; diagnostics begin with !",
            arguments=(Argument("run", help="id of a run, or of a job for its last one", complete="job run"),),
            examples=(("jobs log nag", "the output of its last run"),),
        ),
        Command(
            "test",
            run_test,
            "what a job would do now, without doing it",
            arguments=(_EXISTING,),
            help="Its search runs and is counted; the commands behind that do not.",
            examples=(("jobs test nag", "its line with placeholders filled, what it finds, what would follow"),),
        ),
    ),
)
