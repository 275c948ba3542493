"""What is decided about ordering, dated and sourced, and the small questions that follow."""

from datetime import date, timedelta

from hmskort.common.dated import Dated, in_force

# A reservation on a card lives seven days; what is not captured is released a day before.
RESERVATION_LIVES = (Dated(date(2008, 1, 1), timedelta(days=7), "Kortselskapenes regel"),)
# An order that will be invoiced holds no money: it waits for what must be mended, and is invoiced
# well within a month of the first card (FOR-2004-12-01-1558 § 5-2-2).
INVOICE_WAITS = (Dated(date(2008, 1, 1), timedelta(days=21), "Utsteders vilkår for faktura"),)
NEWS_SETTLES = timedelta(seconds=20)  # what changes within it is told in one mail
RELEASE_BEFORE = timedelta(days=1)
ASK_AGAIN_AFTER = timedelta(days=1)  # registers without a feed, for who waits for them
DECLARATION = (Dated(date(2008, 1, 1), "2026-1", "FOR-2007-03-30-366 § 4; veiledningen punkt 2"),)
# A company in the cleaning register orders cleaning cards alone (003, 004); 002 reads otherwise.
CLEANERS_ORDER_ONLY_CLEANING = (
    Dated(date(2008, 1, 1), value=False, source="FOR-2007-03-30-366"),
    Dated(date(2020, 1, 1), value=True, source="Ordning for renholdskort fra 2020; F060"),
)
# Owners order their own cards, but nobody checks their own ID: the declaration then says that
# somebody else has seen it, and the reviewer is told.
OWN_CARD_IS_MARKED = (
    Dated(
        date(2008, 1, 1),
        value=True,
        source="Arbeidstilsynet, renhold: innehaver bestiller til seg selv; FOR-2007-03-30-366 § 4",
    ),
)
CLEANING_KIND = "renhold"
# Reasons that do not pass by themselves: nobody waits, or reserves money, for them to be mended.
NOT_WAITED_FOR = frozenset(
    {"dead", "number_ended", "person_not_found"}
    | {"company_bankrupt", "company_deleted", "company_not_found"}
)
# Whoever begins later may be ordered for 30 days ahead; the card may be made as early, so that it
# is there on the first day. It is valid from that day on, whenever it was made.
ISSUE_BEFORE_START = (
    Dated(date(2008, 1, 1), timedelta(days=30), "Kortutsteders forside 2020; F059"),
)


def may_order_kind(kind_code: str, on: date, *, in_cleaning_register: bool) -> bool:
    """May the company order this kind of card that day?"""
    bound = in_force(CLEANERS_ORDER_ONLY_CLEANING, on).value and in_cleaning_register
    return kind_code == CLEANING_KIND or not bound


def own_card_is_marked(on: date) -> bool:
    """Must somebody else have seen the ID of one who orders their own card?"""
    return in_force(OWN_CARD_IS_MARKED, on).value


def reservation_ends_after(on: date, *, by_invoice: bool = False) -> timedelta:
    """How long after it was made a reservation is given back, if nothing was captured of it."""
    if by_invoice:
        return in_force(INVOICE_WAITS, on).value
    return in_force(RESERVATION_LIVES, on).value - RELEASE_BEFORE


def issue_from(starts_on: date, on: date) -> date:
    """The first day on which a card may be made for somebody who begins to work that day."""
    return starts_on - in_force(ISSUE_BEFORE_START, on).value


def declaration_version(on: date) -> str:
    """The version of the declaration that an orderer accepts."""
    return in_force(DECLARATION, on).value
