"""`user`: who may log in over SSH, with which keys, as what. A change counts at the next log-in, and ends sessions whose key is gone."""

from __future__ import annotations

from collections.abc import Iterable

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Rows
from resh.errors import BadValue, ReshError
from resh.events.people import EVERYBODY, UserChanged
from resh.state.authorized import KeyLine, Users, check_name, parse_line
from resh.state.revoked import RevokedKeys, parse
from resh.text import did_you_mean

_FIXED = ("role", "cert-authority")


def run_list(context: Context, rows: Rows) -> Rows:
    """A user with lines that open nothing is shown with the first of them."""
    users = _users(context)
    for user in users.names():
        lines, wrong = users.read(user)
        roles = dict.fromkeys(_role(line) for line in lines)
        yield {"user": user, "role": ", ".join(roles), "keys": len(lines), "trouble": wrong[0] if wrong else ""}


def run_show(context: Context, rows: Rows, name: str) -> Rows:
    """Each key in full; lines that open nothing, with the reason."""
    users = _users(context)
    lines, wrong = users.read(users.existing(name))
    for line in lines:
        options = ",".join(f"{option}={value}" if value else option for option, value in line.options.items() if option != "role")
        yield {
            "user": name,
            "role": _role(line),
            "fingerprint": line.fingerprint,
            "type": line.type,
            "options": options,
            "comment": line.comment,
        }
    for trouble in wrong:
        yield {"user": name, "role": None, "trouble": trouble}


def run_add(context: Context, rows: Rows, name: str, key: str, role: str) -> Rows:
    check_name(name)
    line = parse_line(_bare(key)).with_options(role=_known_role(role))
    _users(context).create(name, line)
    yield _changed(context, name, f"added as {role}, key {line.fingerprint}")


def _bare(key: str) -> str:
    """People quote a key, as in other shells."""
    quoted = len(key) > 1 and key[0] == key[-1] and key[0] in "'\""
    return key[1:-1] if quoted and key[0] not in key[1:-1] else key


def run_role(context: Context, rows: Rows, name: str, role: str) -> Rows:
    _known_role(role)
    _users(context).change(name, lambda lines: [line.with_options(role=role) for line in lines])
    yield _changed(context, name, f"is {role} now")


def run_key(context: Context, rows: Rows, name: str, key: str | None, delete: str | None) -> Rows:
    """Without a key: those there are."""
    users = _users(context)
    if delete and key:
        raise BadValue("user key: a key to add, or --delete with a fingerprint", "two lines do both")
    if delete:
        users.change(name, lambda lines: _without(name, lines, delete))
        yield _changed(context, name, f"lost the key {delete}")
    elif key:
        added = parse_line(_bare(key))
        users.change(name, lambda lines: _with(lines, added))
        yield _changed(context, name, f"has another key, {added.fingerprint}")
    else:
        for line in users.lines(users.existing(name)):
            kind = "certificates signed by it" if "cert-authority" in line.options else line.type
            options = ",".join(f"{name}={value}" if value else name for name, value in line.options.items() if name not in _FIXED)
            yield {"fingerprint": line.fingerprint, "role": _role(line), "type": kind, "options": options, "comment": line.comment}


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    users = _users(context)
    context.confirm(f"Delete {users.existing(name)} and {len(users.lines(name))} keys?")
    users.delete(name)
    yield _changed(context, name, "deleted")


def run_revoke(context: Context, rows: Rows, entry: str) -> Rows:
    line = _revoked(context).add(entry)
    yield _changed(context, EVERYBODY, f"{line} is revoked")


def run_revoked(context: Context, rows: Rows) -> Rows:
    """Lines that cannot be read are there, too: while there is one, nobody logs in."""
    for line in _revoked(context).lines():
        try:
            kind, value = parse(line)
            yield {"kind": kind, "value": value, "trouble": ""}
        except BadValue as error:
            yield {"kind": "", "value": line, "trouble": error.message}


def _revoked(context: Context) -> RevokedKeys:
    return RevokedKeys(context.app.home / "ssh" / "revoked_keys")


def _users(context: Context) -> Users:
    return Users(context.app.home / "ssh" / "authorized_keys")


def _role(line: KeyLine) -> str:
    """What the key is worth: without a role that we know, the least."""
    role = line.options.get("role", "")
    return role if role in Role.__members__ else Role.viewer.name


def _known_role(role: str) -> str:
    if role not in Role.__members__:
        raise BadValue(f"'{role}' is no role", did_you_mean(role, Role.__members__) or f"one of {', '.join(Role.__members__)}")
    return role


def _with(lines: list[KeyLine], added: KeyLine) -> list[KeyLine]:
    """A key without a role of its own gets the one that the user's keys have."""
    if any(line.body == added.body for line in lines):
        raise ReshError("the user has that key already", "user key NAME shows them; delete it first to change its options")
    roles = {_role(line) for line in lines}
    return [*lines, added if "role" in added.options or len(roles) != 1 else added.with_options(role=roles.pop())]


def _without(name: str, lines: list[KeyLine], fingerprint: str) -> Iterable[KeyLine]:
    kept = [line for line in lines if line.fingerprint != fingerprint]
    if len(kept) == len(lines):
        hint = did_you_mean(fingerprint, [line.fingerprint for line in lines])
        raise ReshError(f"{name} has no key '{fingerprint}'", hint or f"user key {name} shows them")
    return kept


def _changed(context: Context, user: str, what: str) -> str:
    context.app.bus.emit(UserChanged(user=user, what=what, by=context.user))
    if user == EVERYBODY:
        return f"{what}: it opens nothing any more"
    return f"{user} {what}" if what != "deleted" else f"{user} deleted; the history and exports of {user} stay"


_NAME = Argument("name", help="a user", complete="user")
_ROLE = Argument("role", help="viewer, operator or admin", complete="role")
_LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"

USER = Command(
    "user",
    None,
    "who may log in over SSH, with which keys and role",
    SOURCE,
    help="The file of a user is ssh/authorized_keys/<user> in the state folder. A change counts at the next log-in; sessions whose key is "
    "gone, or has another role, end at once.",
    subcommands=(
        Command("list", run_list, "all users", role=Role.admin, examples=(("user list", "who they are"),)),
        Command(
            "show",
            run_show,
            "one with every key, and what is wrong with the file",
            role=Role.admin,
            arguments=(_NAME,),
            examples=((f"user add nina {_LINE}; user show nina", "what opens for nina, and as what"),),
        ),
        Command(
            "add",
            run_add,
            "let somebody in",
            role=Role.admin,
            arguments=(
                Argument("name", help="lower-case letters, digits, - and _", complete="free"),
                Argument("key", help="the line of a .pub file, options of OpenSSH before it", raw=True, complete="free"),
            ),
            options=(Option("role", str, "viewer", "viewer, operator or admin", complete="role"),),
            help="Options restrict the key: from, no-pty, restrict, command, expiry-time. With cert-authority the key is that of an "
            "authority: certificates that it signed for this user open.",
            examples=(
                (f"user add --role operator nina {_LINE} nina@laptop", "a key"),
                (f'user add carol cert-authority,expiry-time="20271231" {_LINE}', "certificates of an authority, until the end of 2027"),
            ),
        ),
        Command(
            "role",
            run_role,
            "make all keys of somebody worth this",
            role=Role.admin,
            arguments=(_NAME, _ROLE),
            examples=((f"user add nina {_LINE}; user role nina operator", "from viewer to operator"),),
        ),
        Command(
            "key",
            run_key,
            "the keys of somebody; add or delete one",
            role=Role.admin,
            arguments=(_NAME, Argument("key", required=False, help="another key, as for user add", raw=True, complete="free")),
            options=(Option("delete", str, None, "fingerprint of a key that opens no more", complete="free"),),
            examples=((f"user add nina {_LINE}; user key nina", "what opens for nina"),),
        ),
        Command(
            "delete",
            run_delete,
            "let somebody in no more",
            role=Role.admin,
            arguments=(_NAME,),
            help="Sessions end at once; jobs and workflows that were started go on.",
            examples=((f"user add nina {_LINE}; user delete nina", "no key of nina opens"),),
        ),
        Command(
            "revoke",
            run_revoke,
            "bar a key or a certificate, whoever has it",
            role=Role.admin,
            arguments=(
                Argument(
                    "entry", help="serial: 17, serial: 17-20, id: NAME, SHA256:… or the line of a .pub file", raw=True, complete="free"
                ),
            ),
            help="It is a line of ssh/revoked_keys, which ssh-keygen -k takes, too. Sessions that it opened end at once; to take it back, "
            "delete the line.",
            examples=(
                ("user revoke id: nina-laptop", "the certificates of that name"),
                ("user revoke serial: 17-20", "those with these numbers"),
            ),
        ),
        Command("revoked", run_revoked, "what is barred", role=Role.admin, examples=(("user revoked", "all of it"),)),
    ),
)
