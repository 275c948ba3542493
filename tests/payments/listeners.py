"""The money room's own listeners; what it tells others is only noted."""

from hmskort.events import LISTENERS as ALL

told: list[tuple[str, dict[str, object]]] = []


def reserved(**payload):
    told.append(("payment:reserved", payload))


def failed(**payload):
    told.append(("payment:failed", payload))


def captured(**payload):
    told.append(("payment:captured", payload))


def refused(**payload):
    told.append(("payment:refused", payload))


LISTENERS = {event: names for event, names in ALL.items() if event.startswith("payment:")} | {
    f"payment:{name}": (f"tests.payments.listeners.{name}",)
    for name in ("reserved", "failed", "captured", "refused")
}
