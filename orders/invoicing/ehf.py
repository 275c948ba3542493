"""EHF: the document as the buyer's accounts read it.

Peppol BIS Billing 3.0 (UBL 2.1) with the Norwegian rules: our VAT number as NO...MVA (NO-R-001) and
`Foretaksregisteret` beside it (NO-R-002). The template holds the order of the elements; what the
schema and the rules ask for is held by `tests/invoicing/test_ehf.py` with the official rules.
"""

from decimal import Decimal

from django.conf import settings
from django.template.loader import render_to_string

from orders.invoicing.models import Document
from orders.invoicing.rows import vat_sums

ORE = Decimal(100)


def kroner(ore: int) -> str:
    """1050 øre is `10.50`."""
    return f"{ore / ORE:.2f}"


def xml_of(document: Document) -> bytes:
    """The document as UBL."""
    context = {
        "document": document,
        "seller": seller(),
        "unit_code": "EA",
        "rows": [
            {
                "number": number,
                "row": row,
                "unit": kroner(row.unit_ore),
                "net": kroner(row.net_ore),
                "category": _category(row.vat_per_cent),
            }
            for number, row in enumerate(document.rows, 1)
        ],
        "taxes": [
            {
                "net": kroner(tax.net_ore),
                "vat": kroner(tax.vat_ore),
                "per_cent": tax.per_cent,
                "category": _category(tax.per_cent),
            }
            for tax in vat_sums(document.rows)
        ],
        "net": kroner(document.net_ore),
        "vat": kroner(document.vat_ore),
        "gross": kroner(document.amount.gross_ore),
        "rounding": kroner(document.rounding_ore) if document.rounding_ore else "",
        "to_pay": kroner(document.to_pay_ore),
    }
    return render_to_string("invoicing/ehf.xml", context).strip().encode()


def seller() -> dict[str, str]:
    """Who sells: the issuer of the cards."""
    return {
        "name": settings.ISSUER_NAME,
        "orgnr": settings.ISSUER_ORGNR,
        "street": settings.ISSUER_STREET,
        "postal_code": settings.ISSUER_POSTAL_CODE,
        "city": settings.ISSUER_CITY,
        "email": settings.ISSUER_EMAIL,
        "phone": settings.ISSUER_PHONE,
    }


def _category(per_cent: int) -> str:
    """S is sold under VAT, Z under the rate zero."""
    return "S" if per_cent else "Z"
