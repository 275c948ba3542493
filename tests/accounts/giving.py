"""Kari lets people act for Byggmester AS, as the form is filled in."""

from datetime import timedelta

from hmskort.accounts.models import Access
from hmskort.common import clock
from hmskort.notifications.models import Message
from hmskort.simulators import world

NEW = "/virksomhet/ny-tilgang/"


def filled_in(case="employed", **other):
    """The form for letting a person of the world in."""
    today = clock.today()
    person = world.person(case)
    return {
        "number": person.national_id,
        "surname": person.name.split()[-1],
        "rights": ["order", "pay"],
        "where": "here",
        "from_on": today.isoformat(),
        "to_on": (today + timedelta(days=100)).isoformat(),
        "contact_email": f"{case.replace(' ', '.')}@example.com",
        "language": "nb",
    } | other


def give(browser, case="employed", **other):
    """The access that the form made."""
    before = set(Access.objects.values_list("pk", flat=True))
    answer = browser.post(NEW, filled_in(case, **other))
    assert answer.status_code == 302, answer.content.decode()
    return Access.objects.exclude(pk__in=before).get()


def written_to(address):
    """What was mailed there, newest last, as (subject, text)."""
    found = Message.objects.filter(to=address).order_by("pk")
    return [(message.subject, message.text) for message in found]
