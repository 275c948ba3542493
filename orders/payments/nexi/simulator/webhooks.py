"""Messages to the shop: written with their cause, sent until the shop answers 200.

The switch `webhooks` makes the messages come as they should not: three times, out of order,
late, or never.
"""

import logging
import random
import threading
import time
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import connection, transaction

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from orders.payments.nexi.simulator.books import new_id, stamp

log = logging.getLogger(__name__)

WEBHOOKS = "nexi.webhooks"
SWITCHES = "nexi.switches"
MERCHANT = 100_000_001
ATTEMPTS = 20
LONGEST_WAIT_S = 60
TIMEOUT_S = 10.0
LATE_S = 30
MODES = {
    "usual": "kommer straks",
    "thrice": "kommer tre ganger",
    "out_of_order": "kommer i tilfeldig rekkefølge",
    "late": "kommer et halvt minutt for sent",
    "never": "kommer ikke",
}
_courier = threading.Lock()


def mode(store: Store) -> str:
    """How messages come now."""
    return str((store.get(SWITCHES, "webhooks") or {}).get("mode", "usual"))


def set_mode(store: Store, wanted: str) -> None:
    """Messages come like that from now. ValueError names the modes."""
    if wanted not in MODES:
        raise ValueError(f"modes: {', '.join(MODES)}")
    store.put(SWITCHES, "webhooks", {"mode": wanted})


def announce(store: Store, payment: Document, event: str, data: Document | None = None) -> None:
    """Whoever asked to hear of the event will; call inside the change that it tells of."""
    body = {
        "id": new_id(),
        "merchantId": MERCHANT,
        "timestamp": stamp(),
        "event": event,
        "data": {
            "paymentId": payment["paymentId"],
            "order": {"reference": payment["order"].get("reference")},
            **(data or {}),
        },
    }
    how = mode(store)
    copies = {"thrice": 3, "never": 0}.get(how, 1)
    for hook in payment["webHooks"]:
        if hook["eventName"] == event:
            for number in range(copies):
                letter = _letter(f"{body['id']}-{number}", hook, body, how)
                store.put(WEBHOOKS, letter["key"], letter)
    transaction.on_commit(lambda: wake(store))


def waiting(store: Store) -> list[Document]:
    """Messages that are not delivered, the first to go first."""
    letters = store.find(WEBHOOKS, {"state": "waiting"})
    return sorted(letters, key=lambda letter: str(letter["due_at"]))


def wake(store: Store) -> None:
    """A courier thread is under way, on the simulator site; elsewhere the caller delivers."""
    if settings.SITE == "simulators" and _courier.acquire(blocking=False):
        threading.Thread(target=_run, args=[store], name="nexi-webhooks", daemon=True).start()


def _run(store: Store) -> None:
    try:
        with httpx.Client(timeout=TIMEOUT_S) as http:
            while pause_s := deliver_due(store, http):
                time.sleep(pause_s)
    finally:
        connection.close()
        _courier.release()


def deliver_due(store: Store, http: httpx.Client) -> float:
    """Messages that are due are tried once; seconds until the next, 0 when none waits."""
    for letter in waiting(store):
        if datetime.fromisoformat(letter["due_at"]) <= clock.now():
            _deliver(store, letter, http)
    left = waiting(store)
    if not left:
        return 0
    wait = datetime.fromisoformat(left[0]["due_at"]) - clock.now()
    return max(0.2, min(wait.total_seconds(), 5.0))


def _deliver(store: Store, letter: Document, http: httpx.Client) -> None:
    try:
        answer = http.post(
            letter["url"],
            json=letter["body"],
            headers={"Authorization": letter["authorization"]},
        )
        arrived = answer.status_code == 200
    except httpx.TransportError as error:
        log.info("the shop does not take its messages: %s", type(error).__name__)
        arrived = False
    with store.changing(WEBHOOKS, letter["key"]) as row:
        row["attempts"] += 1
        if arrived:
            row["state"] = "delivered"
        elif row["attempts"] >= ATTEMPTS:
            row["state"] = "given up"
        else:
            wait_s = min(2 ** row["attempts"], LONGEST_WAIT_S)
            row["due_at"] = (clock.now() + timedelta(seconds=wait_s)).isoformat()


def _letter(key: str, hook: Document, body: Document, how: str) -> Document:
    shuffle_s = random.uniform(0, 5)  # noqa: S311 - order, not secrecy
    wait_s = {"late": LATE_S, "out_of_order": shuffle_s}.get(how, 0)
    return {
        "key": key,
        "url": hook["url"],
        "authorization": hook["authorization"],
        "body": body,
        "state": "waiting",
        "attempts": 0,
        "due_at": (clock.now() + timedelta(seconds=wait_s)).isoformat(),
    }
