"""The demonstration world's staff, and what Kari has delegated to Per."""

from datetime import timedelta

from hmskort.accounts import actions
from hmskort.accounts.delegation import authorising
from hmskort.accounts.models import Access, Authorisation, StaffRole, User
from hmskort.audit.actor import Actor, ActorKind, Channel
from hmskort.common.simulation import World, WorldPerson
from registers.persons import person_for

STAFF = {
    "reviewer": StaffRole.REVIEWER,
    "second reviewer": StaffRole.REVIEWER,
    "producer": StaffRole.PRODUCER,
    "caseworker": StaffRole.CASEWORKER,
    "second caseworker": StaffRole.CASEWORKER,
    "inspector": StaffRole.INSPECTOR,
    "administrator": StaffRole.ADMINISTRATOR,
}
DELEGATION_LASTS = timedelta(days=300)
LOADER = Actor(ActorKind.SYSTEM, channel=Channel.COMMAND)


def load(world: World) -> str:
    """The staff have their roles, and Per a delegation from Kari; again makes no difference."""
    for case, role in STAFF.items():
        _user(world.person(case), role)
    kari, per = _user(world.person("Kari")), _user(world.person("Per")).person
    company = world.company("Byggmester AS")
    actions.list_company(
        orgnr=company.orgnr,
        name=company.name,
        form=company.form,
        subunits=[(number, company.name) for number in company.subunits],
    )
    if per and not per.accesses.filter(main_orgnr=company.orgnr, ended_at=None).exists():
        until = world.today + DELEGATION_LASTS
        access = actions.delegate(
            person=per, orgnr=company.orgnr, until=until, given_by=kari, actor=LOADER
        )
        _let_order(access, company.name, kari)
    return f"{len(STAFF)} staff, 1 delegation"


def _let_order(access: Access, company: str, kari: User) -> None:
    """Per keeps the accounts of the company, from outside, so he orders by an authorisation."""
    Access.objects.filter(pk=access.pk).update(outside=True)
    authorising.sign(
        access=access,
        rights=access.rights,
        blocks_cards=Authorisation.Blocks.BOTH,
        statement=f"{company} gir {access.holder} fullmakt til å bestille HMS-kort.",
        signed_by=kari,
        actor=LOADER,
    )


def _user(person: WorldPerson, *roles: StaffRole) -> User:
    return actions.appoint(
        person=person_for(person.national_id), name=person.name, roles=roles, actor=LOADER
    )
