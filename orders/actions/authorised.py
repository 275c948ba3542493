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
    """The person may place the order. What the portal itself carries on is not asked about.

    Raises:
        Incomplete: they are from outside the company, and no authorisation holds today; or it is
            nobody who acts for a company.
    """
    if actor.kind == ActorKind.SYSTEM:
        return
    user = User.objects.filter(pk=actor.id).first() if actor.kind == ActorKind.PERSON else None
    company = acting(user, order.orgnr) if user else None
    if company is None or not company.authorised:
        raise Incomplete(
            [_("Du er utenfor virksomheten, og det finnes ingen fullmakt som gjelder i dag.")]
        )
