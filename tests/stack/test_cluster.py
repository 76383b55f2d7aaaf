"""The private cluster: made once, mended after every kind of interruption."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from config.stack import processes
from config.stack.cluster import (
    OWNER,
    PUBLIC,
    TEMPLATE,
    Passwords,
    can_reach,
    cluster_home,
    private_folder,
    socket_folder,
)
from config.stack.messages import Trouble
from config.stack.postgres import address, server_account, sql
from tests.stack.conftest import started

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.cluster import Cluster


def test_making_twice_keeps_what_the_first_time_made(cluster: Cluster) -> None:
    assert cluster.make() is True
    identity = (cluster.data / "global" / "pg_control").read_bytes()

    assert cluster.make() is False
    assert (cluster.data / "global" / "pg_control").read_bytes() == identity


def test_a_half_made_cluster_is_thrown_away_and_made_anew(cluster: Cluster) -> None:
    half = cluster.home / "making-interrupted" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15")

    assert cluster.make() is True
    assert [path.name for path in cluster.home.iterdir()] == ["data"]


def test_the_server_does_not_run_as_root(cluster: Cluster, folder: Path) -> None:
    cluster.make()

    with started(cluster, folder):
        servers = processes.working_in(cluster.data, "postgres")
        owners = {os.stat(f"/proc/{one.pid}").st_uid for one in servers}

    assert servers
    assert 0 not in owners


def test_the_owner_copies_the_template_and_gets_every_extension(
    cluster: Cluster, folder: Path
) -> None:
    cluster.make()
    with started(cluster, folder):
        cluster.furnish()
        cluster.furnish()  # Nothing of it minds being done again.

        sql(cluster.address(OWNER), f"CREATE DATABASE copied TEMPLATE {TEMPLATE}")
        names = sql(cluster.address(OWNER, "copied"), "SELECT extname FROM pg_extension")
        rights = sql(
            cluster.address(OWNER, "copied"),
            "SELECT has_table_privilege('spatial_ref_sys', 'INSERT'), rolsuper "
            "FROM pg_roles WHERE rolname = current_user",
        )

    assert {"postgis", "btree_gist", "pg_trgm", "unaccent", "pgcrypto"} <= set(names.split())
    assert rights == "t|f"


def test_an_interrupted_template_is_made_again(cluster: Cluster, folder: Path) -> None:
    cluster.make()
    with started(cluster, folder):
        sql(cluster.address("postgres", "postgres"), f"CREATE DATABASE {TEMPLATE}_making")

        cluster.furnish()

        there = sql(cluster.address(OWNER), "SELECT datname FROM pg_database WHERE datistemplate")
    assert TEMPLATE in there.split()


def test_the_public_role_writes_nothing_and_makes_no_table(cluster: Cluster, folder: Path) -> None:
    cluster.make()
    with started(cluster, folder):
        cluster.furnish()
        sql(cluster.address(OWNER), "CREATE TABLE secret (name text)")

        for statement in (
            "SELECT * FROM secret",
            "CREATE TABLE mine (a int)",
            "CREATE TEMPORARY TABLE mine (a int)",
            "INSERT INTO spatial_ref_sys VALUES (1)",
        ):
            with pytest.raises(Trouble) as refused:
                # A role may take back its own default; its rights it may not.
                sql(
                    cluster.address(PUBLIC), f"SET default_transaction_read_only = off; {statement}"
                )
            assert "permission denied" in str(refused.value)


def test_a_wrong_password_opens_nothing_through_port_or_socket(
    cluster: Cluster, folder: Path
) -> None:
    cluster.make()
    with started(cluster, folder):
        cluster.furnish()
        wrong = dataclasses.replace(cluster.address("postgres"), password="guessed")

        for where in (wrong, dataclasses.replace(wrong, host=str(cluster.socket_folder))):
            with pytest.raises(Trouble, match="password authentication failed"):
                sql(where, "SELECT 1")


def test_committed_rows_are_there_after_the_server_was_killed(
    cluster: Cluster, folder: Path
) -> None:
    durable = dataclasses.replace(cluster, durable=True)
    durable.make()
    with started(durable, folder):
        durable.furnish()
        sql(durable.address(OWNER), "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)")
        first_line = (durable.data / "postmaster.pid").read_text().split()[0]
        postmaster = processes.process(int(first_line))
        assert postmaster is not None
        os.kill(postmaster.pid, signal.SIGKILL)
        assert processes.wait_for_end([postmaster], 10) == []

    # The lock files of the killed server are still there.
    assert (durable.data / "postmaster.pid").exists()
    with started(durable, folder):
        assert sql(durable.address(OWNER), "SELECT a FROM kept") == "7"


def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(
    cluster: Cluster, folder: Path
) -> None:
    cluster.make()
    account = server_account()
    # PostgreSQL alone would believe it: the number is in use by a process of its own user.
    stranger = subprocess.Popen(
        [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
        if account is None
        else ["/usr/bin/sleep", "600"],
        cwd="/",
        **(account.options() if account else {}),
    )
    (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n")

    with started(cluster, folder):
        assert cluster.is_ready()

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_orphaned_server_is_ended_before_a_new_one_starts(
    cluster: Cluster, folder: Path
) -> None:
    cluster.make()
    with (folder / "server.log").open("ab") as out:
        orphan = cluster.start(out)
    cluster.wait_until_ready(orphan, folder / "server.log")

    with started(cluster, folder):
        assert orphan.wait(timeout=10) is not None
        assert cluster.is_ready()


def test_a_lost_superuser_password_is_set_anew(cluster: Cluster, folder: Path) -> None:
    cluster.make()
    forgetful = dataclasses.replace(cluster, passwords=Passwords.new())

    forgetful.set_admin_password()

    with started(forgetful, folder):
        forgetful.furnish()
        assert sql(forgetful.address(OWNER), "SELECT current_user") == OWNER


def test_the_longest_socket_path_works_and_a_longer_one_is_replaced(
    cluster: Cluster, folder: Path
) -> None:
    # Of 107 bytes the name "/.s.PGSQL.54320" takes 15.
    longest = cluster.home / ("x" * (92 - len(str(cluster.home)) - 1))
    too_long = longest.with_name(f"{longest.name}x")
    crammed = dataclasses.replace(cluster, port=54320 + os.getpid() % 1000, socket_folder=longest)
    crammed.make()

    assert socket_folder(too_long, 54320, "abc") != too_long
    assert socket_folder(longest, 54320, "abc") == longest
    with started(crammed, folder):
        assert crammed.is_ready()


def test_a_folder_that_somebody_else_made_is_refused(folder: Path) -> None:
    theirs = folder / "theirs"
    theirs.symlink_to(folder)

    with pytest.raises(Trouble) as refused:
        private_folder(theirs, server_account())

    assert refused.value.code == "not_ours"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_a_folder_closed_to_the_servers_user_is_recognised(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    assert can_reach(folder, server_account())
    assert not can_reach(closed, server_account())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_a_cluster_out_of_reach_is_kept_elsewhere_and_stays_there(folder: Path) -> None:
    account = server_account()
    var, others = folder / "closed" / "var", folder / "others"
    (folder / "closed").mkdir(mode=0o700)

    chosen = cluster_home(var, "mark", account, others=others)
    (chosen / "data").mkdir(parents=True)
    (folder / "closed").chmod(0o755)

    assert chosen == others / "diado-mark"
    assert cluster_home(var, "mark", account, others=others) == chosen
    assert cluster_home(var, "another", account, others=others) == var / "postgres"


def test_an_address_comes_back_from_its_url_as_it_was(cluster: Cluster) -> None:
    odd = dataclasses.replace(cluster.address(OWNER), password="p@ss/w:rd%", host="::1")

    assert address(odd.url) == odd
    assert "p@ss" not in odd.shown


def test_waiting_gives_up_when_the_server_dies_and_shows_its_log(
    cluster: Cluster, folder: Path
) -> None:
    cluster.make()
    (cluster.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    log = folder / "server.log"
    began = time.monotonic()

    with log.open("ab") as out:
        server = cluster.start(out)
    with pytest.raises(Trouble) as shown:
        cluster.wait_until_ready(server, log)

    assert "no_such_setting" in str(shown.value)
    assert time.monotonic() - began < 30
