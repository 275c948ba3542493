"""What the employer is told by e-mail about a case. Never what is in it: that is behind login."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from hmskort.desk.models import Case, Entry
from hmskort.notifications.actions import tell
from registers.exemptions.models import Exemption
from registers.requirements.texts import TITLES


def received(case: Case) -> None:
    """The receipt: what we have, under which reference, and where to follow it."""
    _tell(case, key=f"case:{case.reference}:received", template="case_received", context={})


def news(case: Case, entry: Entry) -> None:
    """Asked for more, granted, refused or ended, with the caseworker's words."""
    _tell(
        case,
        key=f"case:{case.reference}:{entry.pk}",
        template="case_news",
        context={"entry": entry},
    )


def runs_out(case: Case, exemption: Exemption) -> None:
    """The exemption has a month or less left."""
    _tell(
        case,
        key=f"exemption:{exemption.pk}:runs_out",
        template="exemption_runs_out",
        context={"exemption": exemption, "renewable": exemption.kind.renewable},
    )


def _tell(case: Case, *, key: str, template: str, context: dict[str, object]) -> None:
    with translation.override(case.language):
        subject = {
            "kind": case.exemption_kind.name,
            "requirement": str(TITLES[case.requirement]),
            "dispute": case.kind == Case.Kind.DISPUTE,
        }
    address = settings.BASE_URL + reverse("desk:case", args=[case.reference])
    tell(
        key=key,
        template=template,
        to=case.contact_email,
        language=case.language,
        context={"case": case, "case_url": address, **subject, **context},
    )
