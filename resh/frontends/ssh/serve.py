"""`resh serve`: keep workflows on their schedules and serve the shell until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import asyncssh

from resh.app import App
from resh.errors import BadValue, ReshError
from resh.frontends.ssh import sntrup
from resh.frontends.ssh.keys import OLD_HOST_KEY, host_keys, rotate
from resh.frontends.ssh.options import OPTIONS, key_exchanges
from resh.frontends.ssh.server import Connection
from resh.frontends.ssh.service import Service

DESCRIPTORS = 16_384
log = logging.getLogger("resh.ssh")


def rotate_host_key(app: App) -> int:
    """`resh serve --rotate-host-key`: a new key, told to clients from the next start on."""
    old, new = rotate(app.home / "ssh")
    sys.stdout.write(f"old host key {old.get_fingerprint()}\nnew host key {new.get_fingerprint()}\n")
    sys.stdout.write(f"restart resh serve; remove {app.home / 'ssh' / OLD_HOST_KEY} when clients know the new one, and restart again\n")
    return 0


def serve(app: App, listen: str) -> int:
    """Blocks; returns the exit status. `listen` is host:port, port 0 for any that is free."""
    host, port = parse_address(listen)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # warns at each write to a client that has just gone
    logging.getLogger("botocore").setLevel(logging.CRITICAL)  # what it has to say comes as events, without secrets in it
    if exporter := app.serve_metrics():
        log.info("metrics on %s:%s", *exporter.address)
    _take_descriptors()
    app.attend()
    if app.settings.flag("workflows.schedule"):
        app.start_scheduler()
    status = asyncio.run(_serve(app, host, port))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a further one must not keep the app from closing what is open
    return status


def _take_descriptors() -> None:
    """As many as the system lets us have: 1,024 is the usual start, and full sessions of files alone may hold more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, DESCRIPTORS) if hard >= 0 else DESCRIPTORS), hard))


def parse_address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise BadValue(f"'{listen}' is no address to listen on", "write host:port, such as 127.0.0.1:2222")
    return host.strip("[]"), int(port)


async def _serve(app: App, host: str, port: int) -> int:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(app.settings.number("ssh.max_sessions") + 8, thread_name_prefix="session"))
    folder = app.home / "ssh"
    service = Service(app, folder)
    service.users.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = host_keys(folder)
    app.hear_others()
    acceptor = await _listen(service, host, port, keys)
    log.info("listening on %s:%s, host key %s", host, acceptor.get_port(), keys[0].get_fingerprint())
    for key in keys[1:]:
        log.info("clients are told of the new host key %s; remove %s when they know it", key.get_fingerprint(), folder / OLD_HOST_KEY)
    if service.app.settings.text("ssh.key_exchange") == "post-quantum" and not sntrup.register():
        log.info("clients before OpenSSH 9.9 find no key exchange: pip install 'resh[sntrup]', or ssh.key_exchange=compatible")
    log.info("who may log in: one file of public keys a user in %s", service.users.folder)
    told = _told(loop)
    gc.collect()
    gc.freeze()  # what is here now stays: not to be looked through again and again while people type
    gc.collect()  # of little it is soon due again: connections that have gone are not kept until a quarter of all has changed
    await told.wait()
    log.info("stopping: running commands have %.0f s", app.settings.seconds("ssh.stop_timeout"))
    await _stop(service, acceptor, told)
    return 0


async def _listen(service: Service, host: str, port: int, keys: list[asyncssh.SSHKey]) -> asyncssh.SSHAcceptor:
    exchanges = key_exchanges(service.app.settings.text("ssh.key_exchange"))
    try:
        return await asyncssh.create_server(
            lambda: Connection(service), host, port, server_host_keys=keys, kex_algs=exchanges, **OPTIONS
        )  # fmt: skip
    except OSError as error:
        raise ReshError(f"cannot listen on {host}:{port}: {error.strerror or error}", "choose another with --listen") from None


async def _stop(service: Service, acceptor: asyncssh.SSHAcceptor, told: asyncio.Event) -> None:
    """Take nobody else, let what runs come to its end. A second signal does not wait."""
    told.clear()
    acceptor.close()
    parting = asyncio.ensure_future(service.stop("resh is stopping", service.app.settings.seconds("ssh.stop_timeout")))
    again = asyncio.ensure_future(told.wait())
    await asyncio.wait([parting, again], return_when=asyncio.FIRST_COMPLETED)
    again.cancel()
    if not parting.done():
        parting.cancel()
        await service.stop("resh is stopping", 0)
    await asyncio.wait([asyncio.ensure_future(acceptor.wait_closed())], timeout=5)


def _told(loop: asyncio.AbstractEventLoop) -> asyncio.Event:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told
