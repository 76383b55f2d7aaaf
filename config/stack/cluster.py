"""A private PostgreSQL cluster: made once, repaired at every start, never run as root."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.stack import processes
from config.stack.messages import Trouble
from config.stack.places import LOOPBACK
from config.stack.postgres import Account, Address, program, server_account, sql
from config.stack.programs import tail

#: What every database of ours needs; trusted or not, they are put into the template once.
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent", "pgcrypto")
OWNER = "diado"
PUBLIC = "diado_public"
#: What signed-in planners read their drafts through.
TEAM = "diado_team"
DATABASE = "diado"
TEMPLATE = "template_diado"
#: sockaddr_un holds 108 bytes with the closing zero (unix(7)).
_SOCKET_PATH_BYTES = 107
_READY_S = 60.0

_SERVER_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    # Otherwise the statement of a killed importer goes on and commits.
    "client_connection_check_interval": "1s",
    "log_line_prefix": "%m [%p] %u@%d ",
}
_THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Passwords:
    """One password for each role of a cluster."""

    admin: str
    owner: str
    public: str
    team: str

    @classmethod
    def new(cls) -> Passwords:
        """Make up four passwords."""
        return cls(*(secrets.token_urlsafe(24) for _ in range(4)))


@dataclass(frozen=True)
class Cluster:
    """One cluster: `home` holds its data folder, `durable` says whether it must survive a crash."""

    home: Path
    port: int
    socket_folder: Path
    passwords: Passwords
    durable: bool = True
    account: Account | None = None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    def address(self, role: str, database: str = DATABASE) -> Address:
        """Return how `role` reaches a database of this cluster."""
        password = {
            "postgres": self.passwords.admin,
            OWNER: self.passwords.owner,
            PUBLIC: self.passwords.public,
            TEAM: self.passwords.team,
        }[role]
        return Address(role, password, LOOPBACK, self.port, database)

    # --- making -----------------------------------------------------------------------------

    def make(self) -> bool:
        """Make the data folder unless it exists; return whether it was made.

        It is built under another name and renamed when complete, so that a data folder is
        never half made. What an interrupted attempt left is removed first.
        """
        private_folder(self.home, self.account)
        for left in self.home.glob("making-*"):
            shutil.rmtree(left, ignore_errors=True)
        if (self.data / "PG_VERSION").is_file():
            return False
        making = Path(tempfile.mkdtemp(prefix="making-", dir=self.home))
        secret = making / "secret"
        secret.touch(mode=0o600)
        secret.write_text(self.passwords.admin, encoding="ascii")
        for path in (making, secret):
            self._give(path)
        self._call(
            [
                *(program("initdb"), "--pgdata", str(making / "data"), "--username", "postgres"),
                *("--pwfile", str(secret), "--encoding", "UTF8", "--locale", "C.UTF-8"),
                *("--auth-local", "scram-sha-256", "--auth-host", "scram-sha-256"),
                # Without --no-sync a throwaway cluster would wait for the disk.
                *(() if self.durable else ("--no-sync",)),
            ]
        )
        (making / "data").rename(self.data)
        shutil.rmtree(making)
        return True

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def _call(self, command: list[str], text: str = "") -> None:
        done = subprocess.run(
            command,
            input=text,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **(self.account.options() if self.account else {}),
        )
        if done.returncode != 0:
            raise Trouble("sql_failed", answer=(done.stderr or done.stdout).strip())

    def set_admin_password(self) -> None:
        """Give the stopped cluster's superuser our password, when its old one was lost."""
        statement = f"ALTER ROLE postgres PASSWORD '{self.passwords.admin}'\n"
        self._call([program("postgres"), "--single", "-D", str(self.data), "postgres"], statement)

    # --- running ----------------------------------------------------------------------------

    def command(self) -> list[str]:
        """Return the command line of the server."""
        settings = {
            **_SERVER_SETTINGS,
            **({} if self.durable else _THROWAWAY_SETTINGS),
            "port": str(self.port),
            "unix_socket_directories": str(self.socket_folder),
        }
        pairs = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", str(self.data), *pairs]

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the server, in a session of its own so that Ctrl-C does not reach it."""
        self.prepare_start()
        return subprocess.Popen(
            self.command(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **(self.account.options() if self.account else {}),
        )

    def prepare_start(self) -> None:
        """Remove what is in the way of a start, and make the folder for the socket."""
        self.clear_the_way()
        private_folder(self.socket_folder, self.account)

    def is_ready(self) -> bool:
        """Return whether the server answers."""
        asked = subprocess.run(
            [program("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port), "-t", "3"],
            cwd="/",
            check=False,
        )
        return asked.returncode == 0

    def wait_until_ready(self, server: subprocess.Popen[bytes], log: Path) -> None:
        """Wait until the server answers; raise Trouble with the end of its log when it does not."""
        until = time.monotonic() + _READY_S
        while server.poll() is None and time.monotonic() < until:
            if self.is_ready():
                return
            time.sleep(0.03)
        raise Trouble("cluster_not_ready", log=log, below=tail(log))

    def clear_the_way(self) -> None:
        """End what an interrupted run left behind: server processes, then their lock files.

        PostgreSQL refuses to start when the process number in postmaster.pid is in use, even
        when a wholly different program got that number meanwhile.
        """
        self.end_orphans()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{self.port}.lock", f".s.PGSQL.{self.port}"):
            (self.socket_folder / name).unlink(missing_ok=True)

    def end_orphans(self) -> list[processes.Process]:
        """End server processes that work in our data folder; return those that would not."""
        ours = processes.working_in(self.data, "postgres")
        with contextlib.suppress(OSError, ValueError):
            first_line = (self.data / "postmaster.pid").read_text(encoding="ascii").split()[0]
            postmaster = [one for one in ours if one.pid == int(first_line)]
            # SIGINT is the fast way: open connections are ended, changes are kept.
            processes.end(postmaster, first=signal.SIGINT, grace_s=30)
        return processes.end(ours, first=signal.SIGQUIT, grace_s=5)

    # --- roles and databases ------------------------------------------------------------------

    def furnish(self) -> None:
        """Make roles, template and database, and mend what an interrupted run left half done."""
        admin = self.address("postgres", "postgres")
        sql(
            admin,
            _role_sql(OWNER, "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE", self.passwords.owner)
            + _role_sql(PUBLIC, "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE", self.passwords.public)
            + _role_sql(TEAM, "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE", self.passwords.team)
            + "".join(
                f"ALTER ROLE {role} SET default_transaction_read_only = on;\n"
                f"ALTER ROLE {role} SET statement_timeout = '10s';\n"
                for role in (PUBLIC, TEAM)
            ),
        )
        there = set(sql(admin, "SELECT datname FROM pg_database").split())
        if TEMPLATE not in there:
            making = f"{TEMPLATE}_making"
            sql(admin, f"DROP DATABASE IF EXISTS {making}; CREATE DATABASE {making};")
            sql(self.address("postgres", making), furnishing_sql())
            sql(admin, f"ALTER DATABASE {making} RENAME TO {TEMPLATE};")
        # Only a marked template may be copied by a role that does not own it.
        sql(admin, f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true;")
        if DATABASE not in there:
            sql(admin, f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE {TEMPLATE};")
        else:
            # Made by an older version of ours, it may lack an extension.
            sql(self.address("postgres", DATABASE), furnishing_sql())
        sql(admin, f"REVOKE TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC;")


def _role_sql(role: str, rights: str, password: str) -> str:
    # Names are our own constants, passwords are url-safe letters.
    made_once = f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
    return (
        f"DO $$ BEGIN {made_once} THEN CREATE ROLE {role}; END IF; END $$;\n"
        f"ALTER ROLE {role} {rights} PASSWORD '{password}';\n"
    )


def furnishing_sql(owner: str = OWNER) -> str:
    """Return the SQL that makes a database ready for our migrations."""
    extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};\n" for name in EXTENSIONS)
    # Our own SRIDs are rows that a migration inserts.
    return f"{extensions}GRANT INSERT, UPDATE ON spatial_ref_sys TO {owner};\n"


def private_folder(path: Path, account: Account | None) -> None:
    """Make a folder that only the server's user may enter; refuse one that somebody else made.

    In /tmp anybody could have made it before us.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = os.geteuid() if account is None else account.uid
    is_ours = path.lstat().st_uid in {owner, os.geteuid()} and not path.is_symlink()
    if not is_ours:
        raise Trouble("not_ours", path=path)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    if stat.S_IMODE(path.lstat().st_mode) != 0o700:
        path.chmod(0o700)


def can_reach(folder: Path, account: Account | None) -> bool:
    """Return whether the server's user can enter `folder`, which must exist."""
    if account is None:
        return os.access(folder, os.X_OK)
    asked = subprocess.run(
        ["/usr/bin/test", "-x", str(folder)], cwd="/", check=False, **account.options()
    )
    return asked.returncode == 0


def socket_folder(wanted: Path, port: int, mark: str) -> Path:
    """Return `wanted`, or a short folder below /tmp when the socket's path would be too long."""
    name = f"/.s.PGSQL.{port}"
    if len(os.fsencode(wanted)) + len(name) <= _SOCKET_PATH_BYTES:
        return wanted
    return Path(tempfile.gettempdir()) / f"diado-{re.sub('[^0-9a-z]', '', mark)}"


def cluster_home(
    var: Path, mark: str, account: Account | None, *, others: Path = Path("/var/lib")
) -> Path:
    """Return the folder for the cluster of the installation in `var`.

    A server that may not run as root cannot enter, say, a folder below /root; then the cluster
    is kept in a folder of `others`, where root can always write. It stays there when `var` is
    opened later: a new, empty one would look like a loss.
    """
    wanted = var / "postgres"
    elsewhere = others / f"diado-{mark}"
    if account is None or (wanted / "data").is_dir():
        return wanted
    var.mkdir(parents=True, exist_ok=True)
    if (elsewhere / "data").is_dir() or not can_reach(var, account):
        return elsewhere
    return wanted


def throwaway_cluster(folder: Path, port: int) -> Cluster:
    """Return a cluster for tests in `folder`, or below the temporary folder if out of reach."""
    account = server_account()
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "postgres"
    if not can_reach(folder, account):
        home = Path(tempfile.gettempdir()) / f"diado-{folder.name}"
    sockets = socket_folder(home / "socket", port, folder.name[-24:])
    return Cluster(home, port, sockets, Passwords.new(), durable=False, account=account)
