"""When an address of Kontakt- og reservasjonsregisteret may be used to notify."""

from calendar import monthrange
from datetime import date

from registers.krr.answers import Address, Contact

USABLE_MONTHS = 18  # eForvaltningsforskriften § 32


def usable(address: Address | None, *, on: date) -> str | None:
    """The address, when it was updated or verified in the last 18 months; else None."""
    if address is None:
        return None
    seen = [day for day in (address.updated_on, address.verified_on) if day is not None]
    if not seen or on >= _months_later(max(seen), USABLE_MONTHS):
        return None
    return address.value


def notify_by(contact: Contact, *, on: date) -> tuple[str | None, str | None]:
    """The e-mail address and the mobile number that may be used on the day."""
    if not (contact.registered and contact.may_be_notified):
        return None, None
    return usable(contact.email, on=on), usable(contact.mobile, on=on)


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
