"""What will stand on the card of a line, as far as it is known."""

from django.conf import settings

from cards.face.faces import Face
from cards.face.preview import nobody
from orders.evidence.serving import stored_bytes
from orders.models import Line
from registers.models import Company


def has_face(line: Line) -> bool:
    """Has Folkeregisteret told who it is, and may the company see the name?"""
    return line.name_known and bool(line.person.name and line.person.birth_date)


def face_of(line: Line) -> Face:
    """The face of the card, without the number and dates that it is given when it is issued.

    line: one that `has_face`.
    """
    kind, person = line.order.kind, line.person
    company = Company.objects.filter(pk=line.orgnr).exclude(name="").first()
    return Face(
        number="",
        kind_code=kind.code,
        kind_nb=kind.name_nb,
        kind_en=kind.name_en,
        company_name=company.name if company else line.order.company_name,
        orgnr=line.orgnr,
        holder_name=person.name,
        birth_date=person.birth_date,
        issued_on=None,
        expires_on=None,
        portrait=stored_bytes(line.portrait) if line.portrait else nobody(),
        signature=stored_bytes(line.signature) if line.signature else None,
        issuer_name=settings.ISSUER_NAME,
        issuer_phone=settings.ISSUER_PHONE,
        issuer_email=settings.ISSUER_EMAIL,
        base_url=settings.BASE_URL,
        is_preview=True,
    )
