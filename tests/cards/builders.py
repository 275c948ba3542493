"""Cards in any state, made by the portal's own actions on what the registers say."""

import io
from itertools import count

from django.db import transaction
from PIL import Image

from cards import actions
from cards.models import Card
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.simulators import world
from registers import approvals, lookups
from registers.models import CardKind, Company
from registers.persons import person_for
from registers.requirements.judge import judge, sources_for

KEYS = count(1)


def a_picture(kind="JPEG", size=(96, 120)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#8ab").save(out, kind)
    return out.getvalue()


def ask_registers(person, orgnr, kind="bygg") -> None:
    row, since = CardKind.objects.get(code=kind), clock.now()
    for register in approvals.REGISTERS:
        approvals.read(register)
    for _ in range(2):  # what was answered first may show that another register is needed
        with transaction.atomic():
            lookups.want(sources_for(person, orgnr, row), not_older_than=since)
        while lookups.ask_due():
            pass
    person.refresh_from_db()


def to_issue(case="employed", company="Byggmester AS", kind="bygg", **given) -> dict:
    """What `actions.issue` takes for a person of the world, on what the registers just said."""
    person = person_for(world.person(case).national_id)
    orgnr = world.company(company).orgnr
    ask_registers(person, orgnr, kind)
    row = CardKind.objects.get(code=kind)
    with transaction.atomic():
        verdict = judge(person=person, orgnr=orgnr, kind=row, on=clock.today())
    return {
        "issue_key": f"test:{next(KEYS)}",
        "kind": row,
        "person": person,
        "company": Company.objects.get(pk=orgnr),
        "verdict": verdict,
        "portrait": a_picture(),
        "signature": a_picture("PNG", (120, 40)),
        "ordered_on": clock.today(),
        "delivery": {"shipment": "order:1", "address": ["Byggmester AS", "0181 OSLO"]},
        "actor": SYSTEM,
        **given,
    }


def issued(*args, **given) -> Card:
    """A card that has just been issued to a person of the world."""
    wanted = to_issue(*args, **given)
    with transaction.atomic():
        return actions.issue(**wanted)


def produced(*args, **given) -> Card:
    """A card whose chip was written and read back."""
    card = issued(*args, **given)
    with transaction.atomic():
        actions.produced(card=card, actor=SYSTEM)
    return card


def taken_over(case="employed", company="Byggmester AS", kind="bygg", *, number, issued_on) -> Card:
    """A card of the former issuer."""
    person = person_for(world.person(case).national_id)
    orgnr = world.company(company).orgnr
    ask_registers(person, orgnr)
    with transaction.atomic():
        return actions.take_over(
            issue_key=f"test:{next(KEYS)}",
            former=actions.Former(number, issued_on),
            kind=CardKind.objects.get(code=kind),
            person=person,
            company=Company.objects.get(pk=orgnr),
            portrait=a_picture(),
            signature=None,
            actor=SYSTEM,
        )
