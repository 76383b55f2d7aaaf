"""A house of three small services under the real supervisor, for the tests beside this file.

`python -m tests.stack.three_services FOLDER [NEVER_READY]` writes what happens to FOLDER/events.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from config.stack import processes
from config.stack.messages import Trouble
from config.stack.places import Places
from config.stack.supervisor import Job, Service, Supervisor

#: Says when it starts and when it is told to stop; has a child of its own.
SERVICE = """
import pathlib, signal, subprocess, sys, time
name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
def say(what):
    with (folder / "events").open("a") as out:
        out.write(f"{name} {what}\\n")
def told(number, frame):
    say(signal.Signals(number).name)
    sys.exit(0)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, told)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(folder / f"{name}.child").write_text(str(child.pid))
say("started")
time.sleep(0.15)
say("ready")
(folder / f"{name}.ready").touch()
time.sleep(600)
"""


def house(folder: Path, never_ready: str) -> list[Service | Job]:
    """Return three services with a job between the first and the second."""

    def service(name: str, stop_signal: signal.Signals) -> Service:
        sign = folder / f"{name}.ready"
        return Service(
            name=name,
            titles=(name, name),
            command=(sys.executable, "-c", SERVICE, name, str(folder)),
            before=lambda: sign.unlink(missing_ok=True),
            is_ready=lambda: sign.exists() and name != never_ready,
            ready_within_s=2 if name == never_ready else 20,
            stop_signal=stop_signal,
        )

    job = "import sys; open(sys.argv[1], 'a').write('job done\\n')"
    return [
        service("first", signal.SIGINT),
        Job("job", (sys.executable, "-c", job, str(folder / "events")), folder),
        service("second", signal.SIGTERM),
        service("third", signal.SIGTERM),
    ]


def main(folder: Path, never_ready: str) -> int:
    """Keep the house until a signal comes."""
    places = house_places(folder)
    supervisor = Supervisor(
        records=places.run,
        logs=folder,
        environment=processes.marked_environment(places.var, os.environ),
    )
    processes.record(places.run, "supervisor", os.getpid())

    def announce() -> None:
        (folder / "all.ready").touch()

    async def keep() -> None:
        await supervisor.keep(house(folder, never_ready), announce)

    try:
        asyncio.run(keep())
    except Trouble as trouble:
        sys.stderr.write(str(trouble))
        return 1
    return 0


def house_places(folder: Path) -> Places:
    """Return the places of an installation that lies wholly in `folder`."""
    return Places(root=folder, var=folder, port=1, postgres_port=1024, outside_database="")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
