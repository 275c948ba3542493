"""Who is outside the company orders only with its authorisation (*fullmakt*)."""

from django.utils.translation import gettext as _

from hmskort.accounts.models import User
from hmskort.accounts.queries import acting
from hmskort.audit.actor import Actor, ActorKind
from hmskort.common.transactions import inside_transaction
from orders.errors import Incomplete
from orders.models import Order


@inside_transaction
def require_authorisation(*, order: Order, actor: Actor) -> None:
    """The person may place the order. What the portal or its staff places is not asked about.

    Raises:
        Incomplete: they are from outside the company, and no authorisation holds today.
    """
    if actor.kind != ActorKind.PERSON:
        return
    company = acting(User.objects.get(pk=actor.id), order.orgnr)
    if company is None or not company.authorised:
        raise Incomplete(
            [_("Du er utenfor virksomheten, og det finnes ingen fullmakt som gjelder i dag.")]
        )
