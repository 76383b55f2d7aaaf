"""The supervisor, with real processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from config.stack import processes
from config.stack.places import REPOSITORY
from config.stack.run import end_left_over
from tests.stack.three_services import house_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PATIENCE_S = 30


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


class House:
    """Three services under a supervisor in a process of its own."""

    def __init__(self, folder: Path, never_ready: str = "") -> None:
        self.folder = folder
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.three_services", str(folder), never_ready],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        wait_until((self.folder / "all.ready").exists)

    @property
    def events(self) -> list[str]:
        return (self.folder / "events").read_text().splitlines()

    def pid(self, name: str) -> int:
        pid: int = json.loads((self.folder / "run" / f"{name}.json").read_text())["pid"]
        return pid

    def grandchild(self, name: str) -> processes.Process | None:
        return processes.process(int((self.folder / f"{name}.child").read_text()))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.supervisor.kill()
    built.supervisor.communicate()
    end_left_over(house_places(tmp_path))


def test_each_part_starts_only_when_the_one_before_it_is_ready(house: House) -> None:
    house.wait_until_ready()

    assert house.events == [
        *("first started", "first ready", "job done"),
        *("second started", "second ready", "third started", "third ready"),
    ]


def test_services_stop_in_reverse_each_by_its_own_signal(house: House) -> None:
    house.wait_until_ready()

    house.supervisor.send_signal(signal.SIGTERM)
    house.supervisor.communicate(timeout=_PATIENCE_S)

    assert house.supervisor.returncode == 0
    assert house.events[-3:] == ["third SIGTERM", "second SIGTERM", "first SIGINT"]


def test_nothing_runs_after_a_stop_not_even_children_of_services(house: House) -> None:
    house.wait_until_ready()
    grandchild = house.grandchild("second")

    house.supervisor.send_signal(signal.SIGINT)
    house.supervisor.communicate(timeout=_PATIENCE_S)

    assert grandchild is not None
    assert not grandchild.is_alive
    assert processes.marked(house.folder) == []
    assert list((house.folder / "run").glob("[!s]*.json")) == []


def test_a_killed_service_starts_again_without_its_former_children(house: House) -> None:
    house.wait_until_ready()
    former, former_child = house.pid("second"), house.grandchild("second")

    os.kill(former, signal.SIGKILL)
    wait_until(lambda: house.events.count("second ready") == 2)

    assert house.pid("second") != former
    assert former_child is not None
    wait_until(lambda: not former_child.is_alive)
    assert house.events.count("first started") == 1


def test_a_service_that_never_gets_ready_stops_all_and_shows_where_to_look(tmp_path: Path) -> None:
    house = House(tmp_path, never_ready="second")

    _, said = house.supervisor.communicate(timeout=_PATIENCE_S)

    assert house.supervisor.returncode == 1
    assert "second không khởi động được" in said
    assert "second did not start" in said
    assert str(tmp_path / "second.log") in said
    assert house.events[-2:] == ["second SIGTERM", "first SIGINT"]
    assert processes.marked(tmp_path) == []


def test_being_stopped_while_starting_ends_what_had_started(tmp_path: Path) -> None:
    house = House(tmp_path, never_ready="third")
    wait_until(lambda: (tmp_path / "second.ready").exists())

    house.supervisor.send_signal(signal.SIGTERM)
    house.supervisor.communicate(timeout=_PATIENCE_S)

    assert house.supervisor.returncode == 0
    assert processes.marked(tmp_path) == []


def test_what_a_killed_supervisor_leaves_is_ended_by_the_next_command(house: House) -> None:
    house.wait_until_ready()
    house.supervisor.kill()
    house.supervisor.wait()
    assert len(processes.marked(house.folder)) == 6  # three services, each with one child

    ended = end_left_over(house_places(house.folder))

    assert ended == 6
    assert processes.marked(house.folder) == []


def test_a_process_that_only_got_a_number_of_ours_is_left_alone(tmp_path: Path) -> None:
    records = tmp_path / "run"
    with contextlib.ExitStack() as stack:
        stranger = stack.enter_context(
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        )
        stack.callback(stranger.kill)
        processes.record(records, "web", stranger.pid)
        note = records / "web.json"
        written = json.loads(note.read_text())
        note.write_text(json.dumps({**written, "started": written["started"] - 1}))

        ended = end_left_over(house_places(tmp_path))

        assert ended == 0
        assert stranger.poll() is None


def test_a_half_written_note_is_removed_and_does_no_harm(tmp_path: Path) -> None:
    records = tmp_path / "run"
    records.mkdir()
    (records / "web.json").write_text('{"pid": 12')

    assert processes.recorded(records) == {}
    assert not (records / "web.json").exists()
