"""Looking at the portal's database from any thread, while it dies and comes back."""

import threading
import time

import psycopg

PATIENCE_S = 120.0


class Eyes:
    """A connection for each thread; a question is asked until there is a database to answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._own = threading.local()
        self._opened: list[psycopg.Connection] = []

    def close(self) -> None:
        """No thread looks any more."""
        for connection in self._opened:
            connection.close()

    def rows(self, sql: str, *given: object) -> list[tuple]:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._connection().execute(sql, given).fetchall()
            except psycopg.OperationalError:
                self._own.connection = None  # it is closed with the others
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def column(self, sql: str, *given: object) -> list:
        return [row[0] for row in self.rows(sql, *given)]

    def do(self, sql: str, *given: object) -> None:
        """A change that may be made twice."""
        self.rows(f"{sql} RETURNING 1", *given)

    def _connection(self) -> psycopg.Connection:
        if getattr(self._own, "connection", None) is None:
            self._own.connection = psycopg.connect(self._url, autocommit=True)
            self._opened.append(self._own.connection)
        return self._own.connection
