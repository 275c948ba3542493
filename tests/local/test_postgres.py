"""The embedded PostgreSQL starts after every accident, and keeps what was written."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from hmskort.local import process_tree
from hmskort.local.places import SOCKET_PATH_LIMIT, Places
from hmskort.local.postgres import Cluster
from hmskort.local.rights import AsNobody
from hmskort.local.supervisor import Supervisor


@pytest.fixture
def cluster(places):
    return Cluster.at(places, durable=False)


def sql(cluster, statement):
    argv = [cluster.binaries().path("psql"), cluster.url, "-Atqc", statement]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


def run_and(cluster, look):
    """What `look` sees while the server runs."""
    with Supervisor() as supervisor:
        supervisor.start(cluster.prepare())
        supervisor.wait_ready()
        return look(supervisor)


def test_it_listens_on_a_private_socket_alone(cluster):
    assert run_and(cluster, lambda _: sql(cluster, "show listen_addresses")) == ""
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700


def test_what_was_written_is_there_at_the_next_start(cluster):
    run_and(cluster, lambda _: sql(cluster, "create table kept as select 42 as answer"))
    assert run_and(cluster, lambda _: sql(cluster, "select answer from kept")) == "42"


def test_a_killed_server_comes_back_with_its_rows(places, eventually):
    cluster = Cluster.at(places)

    def kill_and_ask(supervisor):
        sql(cluster, "create table kept as select 42 as answer")
        server = supervisor.running["postgres"]
        os.kill(server.pid, signal.SIGKILL)
        server.process.wait()

        def answers():
            supervisor.look_after()
            return cluster.answers()

        eventually(answers, "the server answers again")
        return sql(cluster, "select answer from kept")

    assert run_and(cluster, kill_and_ask) == "42"


def test_a_pid_that_now_belongs_to_another_is_not_believed(cluster):
    run_and(cluster, lambda _: None)
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert run_and(cluster, lambda _: sql(cluster, "select 1")) == "1"


def test_a_server_that_a_killed_launcher_left_is_ended_first(cluster, eventually):
    program = cluster.prepare()
    left = process_tree.start(program.argv, env=program.env, become=program.become)
    eventually(cluster.answers, "the leftover answers")
    with Supervisor() as supervisor:
        again = cluster.prepare()
        left.wait()
        supervisor.start(again)
        supervisor.wait_ready()
        assert sql(cluster, "select 1") == "1"


def test_a_half_made_cluster_is_made_again(cluster):
    """An interrupted initdb leaves only a temporary folder."""
    half_made = cluster.data.parent / f".{cluster.data.name}.new-1"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    assert run_and(cluster, lambda _: sql(cluster, "select 1")) == "1"
    assert not half_made.exists()


def test_a_deep_folder_still_has_a_short_socket_path(tmp_path):
    places = Places(tmp_path / ("deep" * 30))
    places.make()
    cluster = Cluster.at(places, durable=False)
    longest = cluster.sockets / ".s.PGSQL.5432.lock"
    assert len(os.fsencode(longest)) <= SOCKET_PATH_LIMIT
    assert run_and(cluster, lambda _: sql(cluster, "select 1")) == "1"
    cluster.sockets.rmdir()


if os.geteuid() == 0:  # an ordinary user has no other rights to take

    @pytest.fixture
    def open_folder():
        """Where nobody can reach, as /var/lib is."""
        folder = Path(tempfile.mkdtemp(prefix="hmskort-"))
        folder.chmod(0o755)
        yield folder
        shutil.rmtree(folder)

    def test_root_can_run_it_as_nobody_where_namespaces_are_refused(
        places, open_folder, monkeypatch
    ):
        monkeypatch.setattr("hmskort.local.rights.HOME_OF_NOBODY", open_folder / "lib")
        nobody = pwd.getpwnam("nobody")
        rights = AsNobody(nobody.pw_uid, nobody.pw_gid)
        monkeypatch.setattr("hmskort.local.postgres.rights_for_this_user", lambda: rights)
        cluster = Cluster.at(places, durable=False)
        assert run_and(cluster, lambda _: sql(cluster, "select 1")) == "1"
