"""The simulated registers on a socket; each answer comes one stated latency after the call.

    python bench/_outside.py PORT LATENCY_MS

`GET /_calls` tells how many calls each service has had since it was last asked.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.db import connections  # noqa: E402

from hmskort.simulators import site  # noqa: E402

Start = Callable[..., Any]


class Quiet(WSGIRequestHandler):
    """Says nothing of each call."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Outside:
    """The simulators, counted and held back."""

    def __init__(self, latency_s: float) -> None:
        self._site, self._latency_s = site.application(), latency_s
        self._calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/_calls":
            return self._told(start)
        begun_at = time.perf_counter()
        with self._lock:
            self._calls[environ["PATH_INFO"].split("/")[1]] += 1
        response = self._site(environ, start)
        time.sleep(max(0.0, self._latency_s - (time.perf_counter() - begun_at)))
        return response

    def _told(self, start: Start) -> list[bytes]:
        with self._lock:
            body = json.dumps(self._calls).encode()
            self._calls.clear()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


if __name__ == "__main__":
    for alias in connections.databases.values():
        alias["CONN_MAX_AGE"] = None  # a connection for each caller's, as a real service holds
    server = ThreadedWSGIServer(("127.0.0.1", int(sys.argv[1])), Quiet, connections_override={})
    server.daemon_threads = True
    server.set_app(Outside(float(sys.argv[2]) / 1000))
    server.serve_forever()
