"""A running `resh serve` on a state folder of its own, and the OpenSSH client with keys for a few users."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Done = subprocess.CompletedProcess[str]


class World:
    """`world.run("ada", "echo hello")` logs in with the key of that name."""

    def __init__(self, home: Path, keys: Path, environment: dict[str, str]) -> None:
        self.home, self.keys, self.environment = home, keys, {**environment, "RESH_HOME": str(home)}
        self.authorized = home / "ssh" / "authorized_keys"
        self.authorized.mkdir(parents=True, exist_ok=True)
        keys.mkdir(exist_ok=True)
        self.port = self.pid = 0
        self.stopped = False
        self.status = 0

    def key(self, name: str) -> str:
        """The public key of that name, made when first asked for."""
        if not (self.keys / name).exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.keys / name], check=True)
        return (self.keys / f"{name}.pub").read_text().strip()

    def user(self, name: str, options: str = "", key: str = "") -> None:
        (self.authorized / name).write_text(f"{options} {self.key(key or name)}".strip() + "\n")

    def certificate(self, authority: str, name: str, *options: str) -> None:
        """A certificate of the key `name`, signed by the key `authority`."""
        self.key(authority)
        self.key(name)
        command = [
            "ssh-keygen",
            "-q",
            "-s",
            str(self.keys / authority),
            "-I",
            f"{name}-certificate",
            *options,
            str(self.keys / f"{name}.pub"),
        ]
        subprocess.run(command, check=True)

    def options(self, key: str) -> list[str]:
        known = self.keys / "known_hosts"
        return ["-F", "/dev/null", "-i", str(self.keys / key), "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={known}",
                "-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes"]  # fmt: skip

    def command(self, user: str, *words: str, key: str = "", options: tuple[str, ...] = ()) -> list[str]:
        return ["ssh", *self.options(key or user), "-p", str(self.port), *options, f"{user}@127.0.0.1", *words]

    def run(self, user: str, *words: str, key: str = "", options: tuple[str, ...] = (), stdin: str = "") -> Done:
        command = self.command(user, *words, key=key, options=options)
        return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)

    def sftp(self, user: str, script: str) -> Done:
        command = ["sftp", *self.options(user), "-P", str(self.port), "-b", "-", f"{user}@127.0.0.1"]
        return subprocess.run(command, input=script, capture_output=True, text=True, timeout=60, check=False, cwd=self.keys)

    def record(self, what: str = "", file: str = "audit.jsonl") -> list[dict[str, Any]]:
        """Of the audit, what happened so far."""
        lines = [json.loads(line) for line in (self.home / "ssh" / file).read_text().splitlines()]
        return [line for line in lines if what in ("", line["event"])]

    def awaited(self, what: str, session: str, seconds: float = 30) -> dict[str, Any]:
        """What the audit says of a session, which may be written after its client has gone."""
        return self.told(what, seconds=seconds, session=session)

    def told(self, what: str, file: str = "audit.jsonl", seconds: float = 30, **facts: object) -> dict[str, Any]:
        """The last record with these facts, as soon as there is one: of who leaves it is written when the client knows already."""
        end = time.monotonic() + seconds
        while not (found := [line for line in self.record(what, file) if facts.items() <= line.items()]):
            assert time.monotonic() < end, self.record(file=file)
            threading.Event().wait(0.05)
        return found[-1]

    def until_all_left(self, seconds: float = 30) -> None:
        """The audit says it a moment after the clients themselves have ended."""
        end = time.monotonic() + seconds
        while len(self.record("disconnect")) < len(self.record("login")):
            assert time.monotonic() < end, self.record()
            threading.Event().wait(0.05)

    def stop(self, server: subprocess.Popen[bytes]) -> None:
        self.stopped = True
        server.send_signal(signal.SIGTERM)

    def kill(self, server: subprocess.Popen[bytes]) -> None:
        """As a machine does that loses its power."""
        self.stopped, self.status = True, -signal.SIGKILL
        server.kill()

    def logged(self, pattern: str, process: subprocess.Popen[bytes], seconds: float = 60) -> re.Match[str]:
        """What the server has written to its log, as soon as it has."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, (self.keys / "log").read_text())):
            assert process.poll() is None, (self.keys / "log").read_text()
            assert time.monotonic() < end, (self.keys / "log").read_text()
            threading.Event().wait(0.05)
        return found

    @contextmanager
    def serving(self, *settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """Its log is a file, `log` beside the keys: a pipe that nobody reads would hold up a server that logs much."""
        options = [word for setting in ("workflows.schedule=false", *settings) for word in ("--set", setting)]
        log = self.keys / "log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "resh", *options, "serve", "--listen", "127.0.0.1:0"], env=self.environment, stderr=stream
            )
        try:
            self.port, self.pid = int(self.logged(r"listening on 127\.0\.0\.1:(\d+)", process)[1]), process.pid
            yield process
        finally:
            if not self.stopped:
                self.stop(process)
            expected, self.stopped, self.status = self.status, False, 0
            process.wait(timeout=30)
        assert process.returncode == expected, log.read_text()
