"""What is decided about orderers and their login, dated and sourced."""

from datetime import date, timedelta

from hmskort.common.dated import Dated, in_force

# Separate BestillerIDs for bygg and renhold (001 2 and 4.1; F029). False: one serves for both.
ONE_ID_PER_KIND = (Dated(date(2008, 1, 1), value=True, source="001 punkt 2 og 4.1"),)
TERMS = (Dated(date(2008, 1, 1), "2026-1", "000, bedriftsavtale"),)  # of an agreement
# What a company itself must meet is required of the orderer's company too, and of the orderer that
# they exist and work there. Not the right to work in Norway: nobody works here by ordering.
OF_THE_ORDERER = frozenset({"person_exists", "employed"})


def ids_are_per_kind(on: date) -> bool:
    """Is a BestillerID good for one kind of card alone that day?"""
    return in_force(ONE_ID_PER_KIND, on).value


def terms_version(on: date) -> str:
    """The version of the terms that a company with an agreement accepts."""
    return in_force(TERMS, on).value


CODE_LIVES = (Dated(date(2008, 1, 1), timedelta(days=30), "ConstruBadge; F224: brev tar tid"),)
ADMITTED_FOR = (Dated(date(2008, 1, 1), timedelta(days=365), "F216: vurderes på nytt hvert år"),)


def code_expires_on(on: date) -> date:
    """The last day on which a one-time code made that day opens an account."""
    return on + in_force(CODE_LIVES, on).value


def admitted_until(on: date) -> date:
    """The last day on which somebody whom the desk admits that day may act for the company."""
    return on + in_force(ADMITTED_FOR, on).value
