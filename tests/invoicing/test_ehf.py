"""Every shape of invoice and credit note passes the official rules of EHF."""

from dataclasses import replace

import pytest
from lxml import etree
from peppol_py.validation import validate_peppol_document

from orders.invoicing import ehf
from orders.invoicing.models import Document
from tests.invoicing import making
from tests.invoicing.making import BUYER, CARD, FREE, HALF, POSTAGE, SLEEVES, credited, invoiced

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F109")]
XSL = ["CEN-EN16931-UBL.xsl", "PEPPOL-EN16931-UBL.xsl"]
LONG = "Ås & Sønners <Entreprenør> \"Bygg\" 'og' Anlegg " + "AS " * 40
NS = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
}


def complaints(document: Document) -> list[dict]:
    """What the schema and the rules of EN 16931, Peppol and Norway say, warnings too."""
    return validate_peppol_document(ehf.xml_of(document), XSL, warnings=True)


def said(document: Document, path: str) -> list[str]:
    return etree.fromstring(ehf.xml_of(document)).xpath(f"//{path}/text()", namespaces=NS)


SHAPES = {
    "one card and postage": (BUYER, [CARD, POSTAGE]),
    "many cards, sleeves and a free one": (
        BUYER,
        [*(making.card(n) for n in range(1, 40)), FREE, SLEEVES, POSTAGE],
    ),
    "without a reference of the buyer's": (replace(BUYER, buyer_reference=""), [CARD]),
    "not registered for VAT": (replace(BUYER, vat_registered=False), [CARD]),
    "abroad": (
        replace(BUYER, street="Drottninggatan 1", city="Göteborg", country_code="SE"),
        [CARD, POSTAGE],
    ),
    "a long name with signs of XML": (replace(BUYER, name=LONG[:200]), [SLEEVES]),
    "no street": (replace(BUYER, street=""), [CARD]),
    "something without VAT": (BUYER, [CARD, making.Item("G", "Gebyr", making.Amount(500, 0))]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_invoice_passes_the_official_rules(shape):
    buyer, items = SHAPES[shape]
    assert complaints(invoiced(*items, buyer=buyer)) == []


def test_a_price_that_was_lowered_before_is_shown_with_what_it_was_lowered_by():
    payment = making.captured(CARD, POSTAGE)
    making.carried_out("refund", payment, "late", HALF)
    document = making.actions.issue(payment=payment, buyer=BUYER)
    assert complaints(document) == []
    assert said(document, "cbc:InvoicedQuantity") == ["1", "-1", "1"]
    assert said(document, "cbc:PayableAmount") == ["112.50"]


@pytest.mark.parametrize("items", [[CARD], [HALF], [POSTAGE]], ids=["whole", "in part", "postage"])
def test_a_credit_note_passes_the_official_rules_and_names_its_invoice(items):
    invoice = invoiced(CARD, POSTAGE)
    note = credited(invoice, *items)
    assert complaints(note) == []
    assert said(note, "cac:InvoiceDocumentReference/cbc:ID") == [str(invoice.number)]
    assert said(note, "cbc:CreditNoteTypeCode") == ["381"]


def test_the_invoice_says_who_we_are_and_how_to_pay(invoice):
    assert said(invoice, "cac:PartyTaxScheme/cbc:CompanyID")[:2] == [
        "NO310000019MVA",
        "Foretaksregisteret",
    ]
    assert said(invoice, "cbc:PaymentMeansCode") == ["30"]
    assert said(invoice, "cbc:PaymentID") == [invoice.kid]
    assert said(invoice, "cac:PayeeFinancialAccount/cbc:ID") == ["86011117947"]
    assert said(invoice, "cbc:BuyerReference") == [BUYER.buyer_reference]
    assert said(invoice, "cac:OrderReference/cbc:ID") == ["ORDER"]


def test_the_rules_do_find_what_is_wrong(invoice):
    broken = ehf.xml_of(invoice).replace(b"NO310000019MVA", b"NO310000018MVA")
    assert "NO-R-001" in {each["code"] for each in validate_peppol_document(broken, XSL)}
    without = ehf.xml_of(invoice).replace(b"Foretaksregisteret", b"x")
    found = validate_peppol_document(without, XSL, warnings=True)
    assert "NO-R-002" in {each["code"] for each in found}


# The order of UBL 2.1's own schema, of what stands in either document.
ORDER = (
    "CustomizationID", "ProfileID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode",
    "CreditNoteTypeCode", "DocumentCurrencyCode", "BuyerReference", "OrderReference",
    "BillingReference", "AccountingSupplierParty", "AccountingCustomerParty", "Delivery",
    "PaymentMeans", "TaxTotal", "LegalMonetaryTotal", "InvoiceLine", "CreditNoteLine",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["invoice", "credit note"])
def test_everything_stands_in_the_order_of_the_schema(invoice, kind):
    document = invoice if kind == "invoice" else credited(invoice, CARD)
    root = etree.fromstring(ehf.xml_of(document))
    places = [ORDER.index(etree.QName(each).localname) for each in root]
    assert places == sorted(places)
