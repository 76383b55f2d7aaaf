"""The private cluster alone, for those who work on the code with manage.py."""

from __future__ import annotations

from config.stack import environment, processes
from config.stack.cluster import OWNER
from config.stack.messages import sentence
from config.stack.places import Places, need_free
from config.stack.progress import say, step


def start_cluster(places: Places) -> int:
    """Start the private cluster in the background and return when it is ready to be migrated.

    Does nothing when it answers already. `make stop` ends it; `make run` takes its place.
    """
    cluster = environment.private_database(places).cluster
    if processes.working_in(cluster.data, "postgres") and cluster.is_ready():
        say(cluster.address(OWNER).shown)
        return 0
    prepare_cluster(places)
    cluster = environment.private_database(places).cluster
    places.log.mkdir(parents=True, exist_ok=True)
    log = places.log / "postgres.log"
    with step("Cơ sở dữ liệu", "database"), log.open("ab") as out:
        cluster.prepare_start()
        need_free(places.postgres_port, "DIADO_POSTGRES_PORT")
        server = cluster.start(out)
        processes.record(places.run, "postgres", server.pid)
        cluster.wait_until_ready(server, log)
        cluster.furnish()
    say(cluster.address(OWNER).shown)
    return 0


def prepare_cluster(places: Places) -> None:
    """Make the private cluster and its environment file, or mend what is left of them."""
    private = environment.private_database(places)
    cluster = private.cluster
    wanted = places.var / "postgres"
    if cluster.account is not None and cluster.home != wanted:
        user = cluster.account.name
        say(sentence("cluster_elsewhere", user=user, wanted=wanted, chosen=cluster.home))
    if private.passwords_are_new:
        # Written before the cluster is made: a cluster never has passwords that nobody knows.
        environment.write(places, cluster)
    made = cluster.make()
    if private.passwords_are_new and not made:
        cluster.clear_the_way()
        cluster.set_admin_password()
    environment.write(places, cluster)
