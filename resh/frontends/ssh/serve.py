"""`resh serve`: keep workflows on their schedules and serve the shell until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import asyncssh

from resh.app import App
from resh.errors import BadValue, ReshError
from resh.frontends.ssh.keys import host_key, keys_folder
from resh.frontends.ssh.server import OPTIONS, Connection, Service

log = logging.getLogger("resh.ssh")


def serve(app: App, listen: str) -> int:
    """Blocks; returns the exit status. `listen` is host:port, port 0 for any that is free."""
    host, port = parse_address(listen)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # warns at each write to a client that has just gone
    logging.getLogger("botocore").setLevel(logging.CRITICAL)  # what it has to say comes as events, without secrets in it
    if exporter := app.serve_metrics():
        log.info("metrics on %s:%s", *exporter.address)
    if app.settings.flag("workflows.schedule"):
        app.start_scheduler()
    return asyncio.run(_serve(app, host, port))


def parse_address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise BadValue(f"'{listen}' is no address to listen on", "write host:port, such as 127.0.0.1:2222")
    return host.strip("[]"), int(port)


async def _serve(app: App, host: str, port: int) -> int:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(app.settings.number("ssh.max_sessions") + 8, thread_name_prefix="session"))
    folder = app.home / "ssh"
    keys_folder(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    key = host_key(folder)
    app.hear_others()
    service = Service(app, folder)
    try:
        acceptor = await asyncssh.create_server(lambda: Connection(service), host, port, server_host_keys=[key], **OPTIONS)
    except OSError as error:
        raise ReshError(f"cannot listen on {host}:{port}: {error.strerror or error}", "choose another with --listen") from None
    log.info("listening on %s:%s, host key %s", host, acceptor.get_port(), key.get_fingerprint())
    log.info("who may log in: one file of public keys a user in %s", keys_folder(folder))
    try:
        await _until_told(loop)
    finally:
        acceptor.close()
        service.end_sessions("resh is stopping")
        await asyncio.wait([asyncio.ensure_future(acceptor.wait_closed())], timeout=5)
    return 0


async def _until_told(loop: asyncio.AbstractEventLoop) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
