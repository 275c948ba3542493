"""What the employer is told by e-mail about a case. Never what is in it: that is behind login."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hmskort.desk import complaints
from hmskort.desk.incoming import without_numbers
from hmskort.desk.models import Case, Entry, Mail
from hmskort.notifications.actions import tell
from registers.exemptions.models import Exemption
from registers.requirements.texts import TITLES


def received(case: Case) -> None:
    """The receipt: what we have, under which reference, and where to follow it."""
    _tell(case, key=f"case:{case.reference}:received", template="case_received", context={})


def news(case: Case, entry: Entry) -> None:
    """Asked for more, granted, refused, ended or taken up again, with the caseworker's words."""
    with translation.override(case.language):
        context = {"entry": entry, "headline": _headline(case, entry), "holds": _holds(case, entry)}
    if right := complaints.right_of(case):
        context |= {"complain_by": None if right.used else right.by, "complained": right.used}
    _tell(case, key=f"case:{case.reference}:{entry.pk}", template="case_news", context=context)


def runs_out(case: Case, exemption: Exemption) -> None:
    """The exemption has a month or less left."""
    _tell(
        case,
        key=f"exemption:{exemption.pk}:runs_out",
        template="exemption_runs_out",
        context={"exemption": exemption, "renewable": exemption.kind.renewable},
    )


def reply(case: Case, mail: Mail, entry: Entry) -> None:
    """The answer to a mail goes back as mail. It leaves the portal, so it holds no number."""
    tell(
        key=f"case:{case.reference}:{entry.pk}",
        template="case_reply",
        to=mail.sender,
        language=case.language,
        context={"case": case, "subject": mail.subject, "text": without_numbers(entry.text)},
    )


def admission_received(case: Case) -> None:
    """Who asks to be let in hears that we have the application. No link: nobody is in yet."""
    _tell(case, key=f"case:{case.reference}:received", template="admission_received", context={})


def admission_news(case: Case, entry: Entry) -> None:
    """Let in, not let in, or not any more, with the caseworker's words."""
    url = settings.BASE_URL + reverse("orderers:enter_code")
    _tell(
        case,
        key=f"case:{case.reference}:{entry.pk}",
        template="admission_news",
        context={"entry": entry, "code_url": url},
    )


def _headline(case: Case, entry: Entry) -> str:
    """What has happened, after the reference."""
    unclear, exemption = case.kind == Case.Kind.UNCLEAR, case.kind == Case.Kind.EXEMPTION
    match Entry.Kind(entry.kind):
        case Entry.Kind.ASKED:
            return _("vi trenger mer fra deg")
        case Entry.Kind.REFUSED:
            return _("vurdert som ikke oppfylt") if unclear else _("avslått")
        case Entry.Kind.ENDED:
            return _("unntaket er avsluttet") if exemption else _("avgjørelsen gjelder ikke lenger")
        case Entry.Kind.CLOSED:
            return _("saken er lukket, registeret har svart")
        case Entry.Kind.REOPENED:
            return _("saken er tatt opp igjen")
        case _:
            granted = (
                _("unntaket er innvilget") if exemption else _("innsigelsen er tatt til følge")
            )
            return _("vurdert som oppfylt") if unclear else granted


def _holds(case: Case, entry: Entry) -> str:
    """On which days what was decided holds."""
    if entry.from_on is None or entry.to_on is None:
        return ""
    days = {"first": f"{entry.from_on:%d.%m.%Y}", "last": f"{entry.to_on:%d.%m.%Y}"}
    if case.kind != Case.Kind.EXEMPTION:
        return (
            _("Vurderingen gjelder fra %(first)s til og med %(last)s. Kravet er vurdert på nytt.")
            % days
        )
    return (
        _("Unntaket gjelder fra %(first)s til og med %(last)s. Kravet er vurdert på nytt.") % days
    )


def _about(case: Case) -> str:
    if case.kind == Case.Kind.ADMISSION:
        return _("Søknad om tilgang uten ID-porten")
    requirement = str(TITLES[case.requirement])
    match Case.Kind(case.kind):
        case Case.Kind.DISPUTE:
            return _("Innsigelse: %(requirement)s") % {"requirement": requirement}
        case Case.Kind.UNCLEAR:
            return _("Uklart svar: %(requirement)s") % {"requirement": requirement}
        case _:
            return _("Søknad om unntak: %(kind)s") % {"kind": case.exemption_kind}


def _tell(case: Case, *, key: str, template: str, context: dict[str, object]) -> None:
    if not case.contact_email:  # nobody has said where: they read it when they log in
        return
    with translation.override(case.language):
        about = _about(case)
    tell(
        key=key,
        template=template,
        to=case.contact_email,
        language=case.language,
        context={
            "case": case,
            "case_url": settings.BASE_URL + reverse("desk:case", args=[case.reference]),
            "about": about,
            **context,
        },
    )
