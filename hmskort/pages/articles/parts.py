"""What a help article is made of, and who can help."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Contact:
    """Who can help. phone: eight digits, or empty."""

    name: Text
    phone: str
    href: str


@dataclass(frozen=True)
class Article:
    """How one requirement is met. slug: as in the address and in `registers.requirements.texts`.

    requirement: whose exemptions and card kinds are shown; empty where it is no requirement's own.
    form: only exemptions that a company of this form may have. wait: how long it takes, and when
    we see it. more: what else people ask, as heading and text.
    """

    slug: str
    title: Text
    lead: Text
    checks: Text
    steps: tuple[Text, ...]
    wait: tuple[Text, ...]
    contacts: tuple[Contact, ...]
    of_person: bool
    requirement: str = ""
    form: str = ""
    more: tuple[tuple[Text, Text], ...] = ()


BRREG = Contact(_("Brønnøysundregistrene"), "75007500", "https://www.brreg.no/")
SKATTEETATEN = Contact(_("Skatteetaten"), "80080000", "https://www.skatteetaten.no/")
ARBEIDSTILSYNET = Contact(_("Arbeidstilsynet"), "73199700", "https://www.arbeidstilsynet.no/")
SUA = Contact(_("Servicesenter for utenlandske arbeidstakere (SUA)"), "", "https://www.sua.no/")
NAV = Contact(_("Nav, arbeidsgivertelefonen"), "55553336", "https://www.nav.no/arbeidsgiver")
UDI = Contact(_("UDI"), "23351500", "https://www.udi.no/")
