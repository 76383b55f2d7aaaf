"""Ports, secrets and the sentences that people get."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import stat
import string
from typing import TYPE_CHECKING

import pytest

from config.stack import environment, packages
from config.stack.cluster import OWNER
from config.stack.messages import SENTENCES, Trouble, sentence
from config.stack.places import LOOPBACK, is_free, need_free, places

if TYPE_CHECKING:
    from config.stack.places import Places


def test_ports_and_folders_are_settings() -> None:
    chosen = places({"DIADO_PORT": "8123", "DIADO_POSTGRES_PORT": "54399", "DIADO_VAR": "/srv/x"})

    assert (chosen.port, chosen.postgres_port, str(chosen.var)) == (8123, 54399, "/srv/x")
    assert chosen.url == "http://127.0.0.1:8123/"
    assert places({}).port == 8000


@pytest.mark.parametrize("wrong", ["0", "65536", "http", "-1", "8000.5", "８０００x"])
def test_a_port_that_cannot_be_one_is_named_with_its_setting(wrong: str) -> None:
    with pytest.raises(Trouble) as shown:
        places({"DIADO_PORT": wrong})

    assert f"DIADO_PORT={wrong} phải là số" in str(shown.value)
    assert f"DIADO_PORT={wrong} must be a number" in str(shown.value)


def test_a_taken_port_is_named_in_both_languages_with_the_setting_to_change() -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(Trouble) as shown:
            need_free(port, "DIADO_PORT")

    assert f"Cổng {port} trên máy này đã có chương trình khác dùng" in str(shown.value)
    assert f"Port {port} on this machine is used by another program" in str(shown.value)
    assert f"DIADO_PORT={port + 1} make run" in str(shown.value)
    assert is_free(port)


def test_both_languages_of_a_sentence_say_the_same_values() -> None:
    for code, texts in SENTENCES.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text)} for text in texts]
        assert fields[0] == fields[1], code
        values = {name: "1" for name in fields[0] if name}
        assert len(sentence(code, **values).splitlines()) == 2, code


def test_secrets_are_for_their_owner_only_and_stay_the_same(installation: Places) -> None:
    first = environment.private_database(installation)
    environment.write(installation, first.cluster)
    path = installation.var / "environment.json"
    written = path.read_text()

    again = environment.private_database(installation)
    environment.write(installation, again.cluster)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == written
    assert first.passwords_are_new
    assert not again.passwords_are_new
    assert again.cluster.passwords == first.cluster.passwords


def test_another_port_changes_the_addresses_and_no_password(installation: Places) -> None:
    environment.write(installation, environment.private_database(installation).cluster)
    before = json.loads((installation.var / "environment.json").read_text())
    moved = dataclasses.replace(installation, postgres_port=54999)

    environment.write(moved, environment.private_database(moved).cluster)

    after = json.loads((installation.var / "environment.json").read_text())
    old_port = f":{installation.postgres_port}/"
    assert after["database_url"] == before["database_url"].replace(old_port, ":54999/")
    assert after["secret_key"] == before["secret_key"]


def test_a_spoilt_environment_file_gives_new_secrets_instead_of_a_crash(
    installation: Places,
) -> None:
    installation.var.mkdir()
    (installation.var / "environment.json").write_text('{"secret_key": "cut of')

    private = environment.private_database(installation)
    environment.write(installation, private.cluster)

    assert private.passwords_are_new
    written = json.loads((installation.var / "environment.json").read_text())
    assert written["database_url"] == private.cluster.address(OWNER).url


def test_who_may_not_install_gets_one_command_for_an_administrator(
    installation: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Trouble) as shown:
        packages.install(installation, ["postgresql-15", "gettext"])

    commands = [line for line in str(shown.value).splitlines() if "apt-get" in line]
    assert commands == [
        "sudo sh -c 'apt-get update -q && "
        "apt-get install -y -q --no-install-recommends postgresql-15 gettext'"
    ]
    assert "Nhờ người quản trị" in str(shown.value)
    assert "Ask an administrator" in str(shown.value)


def test_what_debian_does_not_have_installed_is_found_missing() -> None:
    assert packages.missing(["bash", "no-such-package-of-debian"]) == ["no-such-package-of-debian"]


def test_tests_bring_a_server_even_beside_an_outside_database() -> None:
    alone = packages.needed(outside_database=True, venv=False, tests=False)
    tested = packages.needed(outside_database=True, venv=True, tests=True)

    assert "postgresql-15" not in alone
    assert "postgresql-client-15" in alone
    assert {"postgresql-15", "chromium", "python3-venv"} <= set(tested)
