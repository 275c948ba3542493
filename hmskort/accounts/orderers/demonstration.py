"""In the demonstration world Kari and Per are registered as orderers already."""

from allauth.account.models import EmailAddress

from hmskort.accounts.demonstration import LOADER
from hmskort.accounts.models import User
from hmskort.accounts.orderers.actions.registering import enrol
from hmskort.common import clock
from hmskort.common.simulation import World
from hmskort.common.transactions import owns_transaction
from registers.models import CardKind
from registers.persons import person_for

REGISTERED = {
    "Kari": ("kari@byggmester.example", "+4790000001"),
    "Per": ("per@byggmester.example", "+4790000002"),
}
KIND = "bygg"


@owns_transaction
def load(world: World) -> str:
    """Both order construction cards for Byggmester AS; again makes no difference."""
    company, kind = world.company("Byggmester AS"), CardKind.objects.get(code=KIND)
    for case, (email, phone) in REGISTERED.items():
        user = User.objects.get(person=person_for(world.person(case).national_id))
        orderer = enrol(
            user=user, orgnr=company.orgnr, company_name=company.name, kind=kind, actor=LOADER
        )
        if orderer.settled_at is None:
            EmailAddress.objects.get_or_create(
                user=user, email=email, defaults={"verified": True, "primary": True}
            )
            user.email, user.phone = email, phone
            user.save(update_fields=["email", "phone"])
            orderer.settled_at = clock.now()
            orderer.save(update_fields=["settled_at"])
    return f"{len(REGISTERED)} orderers"
