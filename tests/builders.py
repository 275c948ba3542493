"""Orders in any state, made by the portal's own actions."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from hmskort.accounts.orderers.actions.registering import enrol
from hmskort.accounts.orderers.models import Orderer
from hmskort.audit.actor import Actor, ActorKind
from hmskort.common import clock, outbox
from hmskort.simulators import world
from orders import actions
from orders.evidence import actions as evidence
from orders.models import Line, Order
from registers import lookups
from registers.models import CardKind
from registers.persons import person_for
from tests import pictures

FILES = {
    "portrait": ("portrett.jpg", pictures.portrait, "image/jpeg"),
    "signature": ("signatur.png", pictures.signature, "image/png"),
    "id_copy": ("id.jpg", pictures.id_copy, "image/jpeg"),
}
ADDRESS = {
    "deliver_to": "Byggmester AS",
    "street": "Hammersborggata 12",
    "postal_code": "0181",
    "city": "Oslo",
    "contact_email": "kari@byggmester.example",
}


def actor_of(user) -> Actor:
    return Actor(ActorKind.PERSON, id=str(user.pk))


def rest(rounds: int = 30) -> None:
    """Every question is asked and every effect delivered, until nothing is due."""
    for _ in range(rounds):
        if not lookups.ask_due() + outbox.deliver_due():
            return
    raise AssertionError("the portal does not come to rest")


def file_of(kind: str) -> SimpleUploadedFile:
    name, content, content_type = FILES[kind]
    return SimpleUploadedFile(name, content(), content_type)


def an_orderer(user, company: str = "Byggmester AS", kind: str = "bygg") -> Orderer:
    """The person is registered as orderer, and everything required of them is met."""
    firm = world.company(company)
    with transaction.atomic():
        orderer = enrol(
            user=user,
            orgnr=firm.orgnr,
            company_name=firm.name,
            kind=CardKind.objects.get(code=kind),
            actor=actor_of(user),
        )
    orderer.settled_at = orderer.settled_at or clock.now()
    orderer.save(update_fields=["settled_at"])
    return orderer


def a_cart(user, *cases: str, company: str = "Byggmester AS", kind: str = "bygg") -> Order:
    """A cart with these people of the world; the registers have answered."""
    firm = world.company(company)
    an_orderer(user, company, kind)
    order = actions.open_cart(
        orgnr=firm.orgnr,
        company_name=firm.name,
        kind=CardKind.objects.get(code=kind),
        user=user,
        actor=actor_of(user),
    )
    people = [person_for(world.person(case).national_id) for case in cases]
    actions.add_people(order=order, people=people, actor=actor_of(user))
    rest()
    return order


def with_files(order: Order, user) -> Order:
    """Every line has portrait, signature and ID copy."""
    for line in order.lines.filter(state="draft"):
        for kind in FILES:
            give_file(line, kind, user)
    rest()
    return order


def give_file(line: Line, kind: str, user) -> None:
    piece = evidence.store(
        person=line.person, orgnr=line.orgnr, kind=kind, upload=file_of(kind), actor=actor_of(user)
    )
    actions.attach(line=line, piece=piece, actor=actor_of(user))
