"""Programs that run beside the harness and are stopped with it, however it ends."""

from __future__ import annotations

import ctypes
import pathlib
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping


class DidNotStart(Exception):
    """A program ended, or did not answer in time."""


def _end_with_parent() -> None:
    """Asks Linux to kill this process when its parent is gone, which covers a parent that was itself killed."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


class Process:
    """One running program, with its output in a log file."""

    def __init__(self, command: list[str], folder: pathlib.Path, environment: Mapping[str, str] | None = None) -> None:
        self.name = pathlib.Path(command[0]).name
        self.log = folder / f"{self.name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_parent,
            )

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Polls `ready`; fails with the end of the log when the program ends first or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise DidNotStart(f"{self.name} ended with {self.process.returncode}\n{self.tail()}")
            if time.monotonic() > deadline:
                raise DidNotStart(f"{self.name} was not ready after {seconds:.0f} s\n{self.tail()}")
            time.sleep(0.1)

    def tail(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def stop(self) -> None:
        """Ends it, by force if it does not go by itself."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on at this moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def run(command: list[str], folder: pathlib.Path | None = None, standard_input: str = "") -> tuple[int, str]:
    """Runs a consumer to its end and returns its exit code and everything it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        input=standard_input,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout
