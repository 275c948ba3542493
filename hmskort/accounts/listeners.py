"""What accounts do when something happened on a lower floor."""

from hmskort.accounts import actions


def refresh_accesses(*, orgnr: str) -> None:
    """Those who may act for the company have what Altinn says now."""
    actions.refresh_accesses_to(orgnr=orgnr)
