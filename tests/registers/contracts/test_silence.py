"""Silence over a real socket: the time-out is the client's own, not the in-process transport's."""

import socket
import threading

import httpx
import pytest

from hmskort.common.services import Unavailable
from registers.enhetsregisteret.client import Client


@pytest.fixture
def network(settings):
    settings.OUTSIDE_TRANSPORT = None


@pytest.fixture
def listener():
    """A server that takes connections and says what the test tells it to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(listener):
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.usefixtures("network")
def test_a_register_that_never_answers_is_unavailable(listener):
    with pytest.raises(Unavailable) as raised:
        Client(base_url=address(listener), timeout_s=0.2).company("923609016")
    assert raised.value.reason == "timeout"


@pytest.mark.usefixtures("network")
def test_a_register_that_stops_in_the_middle_is_unavailable(listener):
    def answer_half():
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
            )

    thread = threading.Thread(target=answer_half)
    thread.start()
    with pytest.raises(Unavailable) as raised:
        Client(base_url=address(listener), timeout_s=5.0).company("923609016")
    thread.join()
    assert raised.value.reason == "connection"


@pytest.mark.usefixtures("network")
def test_a_register_that_is_not_there_is_unavailable(listener):
    gone = address(listener)
    listener.close()
    with pytest.raises(Unavailable) as raised:
        Client(base_url=gone, timeout_s=1.0).company("923609016")
    assert raised.value.reason == "connection"
    assert not isinstance(raised.value.__cause__, httpx.HTTPError)  # which knows the address
