"""The pool and its client, against the real MapServer with a map that can be checked by hand."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tileserver.mapserver import fastcgi, sockets
from tileserver.mapserver.fastcgi import (
    Broken,
    Client,
    RefusedParameter,
    TooLarge,
    TooSlow,
    Unavailable,
)
from tileserver.mapserver.pool import configuration

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[3]

#: 100 m square, its left half red.
MAPFILE = """MAP
  NAME "{name}"
  EXTENT 0 0 100 100
  SIZE 100 100
  PROJECTION "init=epsg:3857" END
  WEB METADATA
    "ows_enable_request" "*"
    "ows_title" "{name}"
    "ows_onlineresource" "http://localhost/"
    "wms_srs" "EPSG:3857"
  END END
  LAYER
    NAME "half"
    TYPE POLYGON
    STATUS ON
    PROJECTION "init=epsg:3857" END
    METADATA "wms_title" "half" END
    FEATURE POINTS 0 0 50 0 50 100 0 100 0 0 END END
    CLASS STYLE COLOR 255 0 0 END END
  END
END
"""
GET_MAP = {
    "SERVICE": "WMS",
    "VERSION": "1.3.0",
    "REQUEST": "GetMap",
    "LAYERS": "half",
    "STYLES": "",
    "CRS": "EPSG:3857",
    "BBOX": "0,0,100,100",
    "WIDTH": "4",
    "HEIGHT": "2",
    "FORMAT": "image/png",
}
CAPABILITIES = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetCapabilities"}


def first_row(png: bytes) -> list[tuple[int, ...]]:
    """Return the pixels of the first row of a true-colour PNG without interlacing."""
    at, data, width = 8, b"", 0
    while at < len(png):
        length, kind = struct.unpack_from("!I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack_from("!IIBB", body)
            assert (depth, colour) == (8, 2)
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    row = bytearray(zlib.decompress(data)[: 1 + 3 * width])
    assert row[0] in (0, 1, 2)
    pixels = row[1:]
    if row[0] == 1:  # filter "sub": each byte is the difference to the pixel before it
        for number in range(3, len(pixels)):
            pixels[number] = (pixels[number] + pixels[number - 3]) % 256
    return [tuple(pixels[3 * x : 3 * x + 3]) for x in range(width)]


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def children_of(pid: int) -> set[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return {int(word) for word in text.split()}


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


class RunningPool:
    """A pool of two MapServer processes in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.mapfile = folder / "diado.map"
        self.mapfile.write_text(MAPFILE.format(name="ours"))
        self.path = folder / "mapserver.sock"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tileserver.mapserver.pool",
                "--size",
                "2",
                "--socket",
                str(self.path),
                "--mapfile",
                str(self.mapfile),
            ],
            cwd=ROOT,
        )
        self.client = Client(self.path)
        wait_until(lambda: self.path.is_socket() and len(self.children) == 2)

    @property
    def children(self) -> set[int]:
        return children_of(self.process.pid)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Deeper than a socket's address holds.
    deep = tmp_path_factory.mktemp("pool") / ("deep" * 25)
    deep.mkdir()
    return deep


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[RunningPool]:
    running = RunningPool(folder)
    yield running
    running.process.terminate()
    running.process.wait(timeout=20)


def test_the_left_half_of_the_map_is_red(pool: RunningPool) -> None:
    answer = pool.client.request(GET_MAP)

    assert (answer.status, answer.content_type) == (200, "image/png")
    red, white = (255, 0, 0), (255, 255, 255)
    assert first_row(answer.body) == [red, red, white, white]


def test_many_threads_share_two_processes(pool: RunningPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(pool.client.request, [GET_MAP] * 40))

    assert {answer.body for answer in answers} == {answers[0].body}
    assert len(pool.children) == 2


def test_a_long_query_and_vietnamese_letters_arrive_whole(pool: RunningPool) -> None:
    asked = {**CAPABILITIES, "ghi_chú": "Thửa đất số 45, tờ bản đồ số 12 " * 4000}

    assert pool.client.request(asked).content_type.startswith("text/xml")


def test_a_process_that_is_killed_is_replaced(pool: RunningPool) -> None:
    victim = min(pool.children)

    os.kill(victim, signal.SIGKILL)

    wait_until(lambda: len(pool.children - {victim}) == 2)
    assert pool.client.request(GET_MAP).status == 200


@pytest.mark.parametrize(
    "name", ["map", "MAP", "Map", "map.layer", "map_layer", "SLD", "context", "map_resolution"]
)
def test_parameters_that_name_a_mapfile_or_an_address_are_never_sent(name: str) -> None:
    with pytest.raises(RefusedParameter):
        Client(Path("/nowhere")).request({**CAPABILITIES, name: "x"})


def test_mapserver_itself_refuses_any_other_mapfile(
    pool: RunningPool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastcgi, "_REFUSED_NAMES", frozenset())
    other = folder / "other.map"
    other.write_text(MAPFILE.format(name="theirs"))
    beside = folder / "diadoXmap"
    shutil.copy(other, beside)

    for path in (other, beside, "/etc/passwd", f"{folder}/./other.map", "MAPSERVER_CONFIG_FILE"):
        answer = pool.client.request({**CAPABILITIES, "map": str(path)})
        assert b"theirs" not in answer.body
        assert b"WMS_Capabilities" not in answer.body


def test_children_know_nothing_of_our_environment(pool: RunningPool) -> None:
    for child in pool.children:
        names = {
            line.split(b"=")[0]
            for line in Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
            if line
        }
        assert names <= {b"MAPSERVER_CONFIG_FILE", b"LC_ALL", b"DIADO_STACK_OF"}


def test_only_the_owner_may_speak_to_the_pool(pool: RunningPool) -> None:
    assert pool.path.stat().st_mode & 0o777 == 0o600


def test_the_pool_ends_with_its_children_when_told(tmp_path: Path) -> None:
    running = RunningPool(tmp_path)
    children = running.children

    running.process.terminate()

    assert running.process.wait(timeout=20) == 0
    assert all(is_gone(child) for child in children)
    assert not running.path.exists()
    with pytest.raises(Unavailable):
        running.client.request(CAPABILITIES)


def test_a_killed_pool_takes_its_children_along(tmp_path: Path) -> None:
    running = RunningPool(tmp_path)
    children = running.children

    running.process.kill()
    running.process.wait()

    wait_until(lambda: all(is_gone(child) for child in children))


def test_a_left_over_socket_is_replaced(tmp_path: Path) -> None:
    sockets.listen(tmp_path / "mapserver.sock", backlog=1).close()

    running = RunningPool(tmp_path)

    assert running.client.request(CAPABILITIES).status == 200
    running.process.terminate()
    running.process.wait(timeout=20)


def test_a_mapfile_name_that_would_leave_its_quotes_is_refused() -> None:
    with pytest.raises(ValueError, match="quotes"):
        configuration(Path('/tmp/a" MS_MAP_PATTERN ".*'))  # noqa: S108


# --- answers that no good server gives ------------------------------------------------------------


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[Callable[[bytes | None], Client]]:
    """Return a function that makes a server which gives these bytes, or waits on None."""
    path = tmp_path / "odd.sock"
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def serve(server: socket.socket, answer: bytes | None) -> None:
        with server:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                if answer is None:
                    ended.wait(20)
                else:
                    connection.sendall(answer)

    def make(answer: bytes | None) -> Client:
        server = sockets.listen(path, backlog=1)
        threads.append(threading.Thread(target=serve, args=(server, answer)))
        threads[-1].start()
        return Client(path, timeout_s=0.5, max_bytes=1000)

    yield make
    ended.set()
    for thread in threads:
        thread.join()


def stdout_record(content: bytes, *, kind: int = 6, version: int = 1, request: int = 1) -> bytes:
    return struct.pack("!BBHHBx", version, kind, request, len(content), 0) + content


END = stdout_record(bytes(8), kind=3)
HEAD = b"Content-Type: text/plain\r\n\r\n"


def test_an_answer_in_pieces_is_put_together(answering: Callable[[bytes | None], Client]) -> None:
    pieces = stdout_record(HEAD[:9]) + stdout_record(b"a warning", kind=7)
    client = answering(pieces + stdout_record(HEAD[9:] + b"ok\r\n\r\nmore") + END)

    answer = client.request({})

    assert (answer.status, answer.content_type, answer.body) == (
        200,
        "text/plain",
        b"ok\r\n\r\nmore",
    )


def test_the_status_line_becomes_the_status(answering: Callable[[bytes | None], Client]) -> None:
    client = answering(stdout_record(b"Status: 404 Not Found\r\nX-A: b\r\n\r\n") + END)

    answer = client.request({})

    assert (answer.status, answer.headers) == (404, {"x-a": "b"})


def test_no_answer_in_time_is_too_slow(answering: Callable[[bytes | None], Client]) -> None:
    client = answering(None)

    with pytest.raises(TooSlow):
        client.request({})


@pytest.mark.parametrize(
    ("bytes_sent", "trouble"),
    [
        (stdout_record(HEAD + bytes(2000)) + END, TooLarge),
        (stdout_record(HEAD), Unavailable),  # it ended without saying so
        (b"", Unavailable),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Broken),
        (stdout_record(HEAD, request=2) + END, Broken),
        (stdout_record(HEAD, kind=9) + END, Broken),
        (stdout_record(b"no header") + END, Broken),
        (stdout_record(b"Status: ok\r\n\r\n") + END, Broken),
        (stdout_record(b"no colon\r\n\r\n") + END, Broken),
    ],
)
def test_a_bad_answer_is_named_for_what_is_wrong_with_it(
    answering: Callable[[bytes | None], Client],
    bytes_sent: bytes,
    trouble: type[fastcgi.MapServerError],
) -> None:
    client = answering(bytes_sent)

    with pytest.raises(trouble):
        client.request({})


def test_nobody_at_the_socket_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Client(tmp_path / "none.sock").request(CAPABILITIES)
