"""What `ActorMiddleware` adds to a request, for those who type their views."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext
from django_htmx.middleware import HtmxDetails

from hmskort.accounts.models import PREPARING, Access, KeyRole, Right, User
from hmskort.audit.actor import Actor
from hmskort.common.templatetags.portal import dato


@dataclass(frozen=True)
class Acting:
    """The main unit that a person may act for, and the fact that lets them."""

    orgnr: str
    name: str
    source: Access.Source
    role: str = ""  # a KeyRole, where a role is why
    until: date | None = None
    rights: frozenset[str] = frozenset(Right.values)
    authorised: bool = True  # False: from outside the company, and no authorisation holds today

    def may(self, right: str) -> bool:
        """True when one of the facts that let them act gives this right."""
        return right in self.rights

    @property
    def may_prepare(self) -> bool:
        """True when they may see an order through until it is paid."""
        return any(self.may(right) for right in PREPARING)

    @property
    def leads(self) -> bool:
        """True when a role in the company is why, not something given by another."""
        return self.source == Access.Source.ROLE

    @property
    def why(self) -> str:
        """Why they may, in the reader's language, and until when."""
        if self.source == Access.Source.ROLE:
            return str(KeyRole(self.role).label)
        if self.source == Access.Source.ALTINN:
            return gettext("fullmakt i Altinn")
        if self.until:
            return gettext("delegert tilgang til og med %(date)s") % {"date": dato(self.until)}
        return gettext("delegert tilgang")


class PortalRequest(HttpRequest):
    """Any request: somebody, perhaps nobody, perhaps for a company."""

    actor: Actor
    company: Acting | None
    companies: list[Acting]
    htmx: HtmxDetails


class LoggedInRequest(PortalRequest):
    """A request behind `logged_in` or `staff`."""

    user: User


class CompanyRequest(LoggedInRequest):
    """A request behind `for_company`."""

    company: Acting
