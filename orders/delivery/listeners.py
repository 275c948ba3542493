"""What the delivery room does when a register answered. Each may repeat."""

from orders.delivery import actions

SOURCES = frozenset({"enhetsregisteret", "underenheter"})  # of addresses


def follow_register(*, source: str, subject: str) -> None:
    """A company moved: carts that go to its registered address go along."""
    if source in SOURCES and subject.isdigit():
        actions.follow_register(orgnr=subject)


def follow_register_of_many(*, source: str, subjects: list[str]) -> None:
    """The same of many that the register told of at once."""
    for subject in subjects:
        follow_register(source=source, subject=subject)
