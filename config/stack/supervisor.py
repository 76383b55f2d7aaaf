"""Keeps the services of one installation: started in order, restarted, stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.stack import processes
from config.stack.messages import Trouble, sentence
from config.stack.programs import tail
from config.stack.progress import complain, step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
#: A service that ran this long before it ended is started again without growing pauses.
_SETTLED_S = 60.0
_LOG_BYTES = 20 * 1024 * 1024


def _nothing() -> None:
    return None


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Service:
    """A process that shall run as long as the supervisor does."""

    name: str
    titles: tuple[str, str]
    command: tuple[str, ...]
    is_ready: Callable[[], bool] = _always
    #: Done before each start and once it is ready; both may raise Trouble.
    before: Callable[[], None] = _nothing
    once_ready: Callable[[], None] = _nothing
    ready_within_s: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 15.0
    #: More arguments of the child's start, such as the user it runs as.
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A program that runs to its end before what follows is started.

    What it says on standard output is shown, its standard error is its log.
    """

    name: str
    command: tuple[str, ...]
    folder: Path


class Supervisor:
    """Owns the running children. Public: `keep`.

    Children get sessions of their own, so that Ctrl-C reaches only us and we decide the order.
    """

    def __init__(self, *, records: Path, logs: Path, environment: Mapping[str, str]) -> None:
        self._records = records
        self._logs = logs
        self._environment = dict(environment)
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._order: list[Service] = []
        self._told_to_stop = asyncio.Event()

    async def keep(self, parts: Sequence[Service | Job], announce: Callable[[], None]) -> None:
        """Start `parts` in order, announce, keep them until a signal comes, stop them in reverse.

        Raises Trouble when a part cannot be started; what had been started is stopped first.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told_to_stop.set)
        stop = asyncio.create_task(self._told_to_stop.wait())
        starting = asyncio.create_task(self._start_all(parts))
        keepers: list[asyncio.Task[None]] = []
        try:
            await asyncio.wait({stop, starting}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                announce()
                keepers = [asyncio.create_task(self._keep(service)) for service in self._order]
                done, _ = await asyncio.wait({stop, *keepers}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in (starting, *keepers):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Trouble):
                    await task
            for service in reversed(self._order):
                await self._stop(service)
            stop.cancel()

    async def _start_all(self, parts: Sequence[Service | Job]) -> None:
        for part in parts:
            if isinstance(part, Job):
                await self._run_through(part)
            else:
                with step(*part.titles):
                    self._order.append(part)
                    await self._start(part)

    async def _run_through(self, job: Job) -> None:
        log = self._logs / f"{job.name}.log"
        with log.open("wb") as out:
            child = await asyncio.create_subprocess_exec(
                *job.command,
                stdin=asyncio.subprocess.DEVNULL,
                stderr=out,
                env=self._environment,
                start_new_session=True,
                umask=0o077,
                cwd=job.folder,
            )
        processes.record(self._records, job.name, child.pid)
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            _signal_group(child.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), 20)
            _signal_group(child.pid, signal.SIGKILL)
            raise
        finally:
            processes.forget(self._records, job.name)
        if code != 0:
            raise Trouble("step_failed", step=job.name, log=log, below=tail(log))

    def _log(self, service: Service) -> Path:
        return self._logs / f"{service.name}.log"

    async def _start(self, service: Service) -> None:
        await asyncio.to_thread(service.before)
        log = self._log(service)
        if log.is_file() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            child = await asyncio.create_subprocess_exec(
                *service.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self._environment,
                start_new_session=True,
                umask=0o077,
                **service.options,
            )
        self._children[service.name] = child
        processes.record(self._records, service.name, child.pid)
        until = time.monotonic() + service.ready_within_s
        while not await asyncio.to_thread(service.is_ready):
            if child.returncode is not None or time.monotonic() > until:
                raise Trouble("service_not_ready", name=service.name, log=log, below=tail(log))
            await asyncio.sleep(0.05)
        await asyncio.to_thread(service.once_ready)

    async def _keep(self, service: Service) -> None:
        """Start a service again whenever it ends, with growing pauses when it ends at once."""
        pause = _FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            child = self._children[service.name]
            code = await child.wait()
            # Its own children would hold its port or its files.
            _signal_group(child.pid, signal.SIGKILL)
            if time.monotonic() - began > _SETTLED_S:
                pause = _FIRST_PAUSE_S
            complain(
                sentence(
                    "restarted",
                    name=service.name,
                    code=code,
                    seconds=f"{pause:g}",
                    log=self._log(service),
                )
            )
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            try:
                await self._start(service)
            except Trouble as trouble:
                complain(str(trouble))
                _signal_group(self._children[service.name].pid, signal.SIGKILL)

    async def _stop(self, service: Service) -> None:
        child = self._children.get(service.name)
        if child is None:
            return
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(service.stop_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), service.grace_s)
        _signal_group(child.pid, signal.SIGKILL)
        await child.wait()
        processes.forget(self._records, service.name)


def _signal_group(leader: int, number: signal.Signals) -> None:
    """Signal what is left of the group that a child of ours leads or led."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)
