"""Who is invoiced for an order."""

from orders.invoicing.actions import Buyer
from orders.models import Order
from registers.models import Company

STREET = 200  # so long a street is there room for on a document


def buyer_of(order: Order) -> Buyer:
    """The company in whose name it was ordered, as the register knows it.

    A company without an address in the register is invoiced where the cards were sent.
    """
    company = Company.objects.filter(orgnr=order.orgnr).first()
    known = company is not None and bool(company.city)
    return Buyer(
        orgnr=order.orgnr,
        name=(company.name if company else "") or order.company_name,
        vat_registered=bool(company and company.vat_registered),
        street=(", ".join(company.street) if company and known else order.street)[:STREET],
        postal_code=company.postal_code if company and known else order.postal_code,
        city=company.city if company and known else order.city,
        country_code=(company.country_code if company and known else order.country_code) or "NO",
        email=order.contact_email,
        language=order.language,
        buyer_reference=order.buyer_reference,
    )
