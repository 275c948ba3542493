"""Whoever places an order must be registered as orderer of that kind of card."""

from hmskort.accounts.models import User
from hmskort.accounts.orderers.actions.registering import judge_again
from hmskort.accounts.orderers.errors import Refused
from hmskort.accounts.orderers.queries import orderer_of
from hmskort.audit.actor import Actor, ActorKind
from hmskort.common.transactions import inside_transaction
from orders.errors import NotRegistered
from orders.models import Order
from registers.requirements.texts import explain


@inside_transaction
def require_orderer(*, order: Order, actor: Actor) -> None:
    """The person may place the order. What the portal or its staff places is not asked about.

    Raises:
        NotRegistered: they have no BestillerID for this company and kind, or a register that was
            silent when they got it has said since that a requirement is not met.
    """
    if actor.kind != ActorKind.PERSON:
        return
    user = User.objects.get(pk=actor.id)
    orderer = orderer_of(user, order.orgnr, order.kind)
    if orderer is None:
        raise NotRegistered
    if orderer.settled_at:
        return
    try:
        judge_again(orderer=orderer)
    except Refused as refused:
        shown = [explain(finding.as_json()) for finding in refused.unmet]
        raise NotRegistered([f"{each.title}: {each.text}" for each in shown]) from None
