"""What is required of the company itself is the same for all its people, and is told once."""

from collections.abc import Collection

from registers.requirements.findings import Finding

OF_THE_COMPANY = frozenset(
    {"company_exists", "vat_registered", "in_foretaksregisteret"}
    | {"cleaning_approved", "staffing_approved"}
)


def of_company(every: Collection[list[Finding]]) -> list[Finding]:
    """What was found of the company, the same for everyone; in the order of the requirements.

    A requirement of the company that only some of its people meet is not among them: a company
    that is approved without employees orders for its owners alone.
    """
    first: dict[str, Finding] = {}
    differ: set[str] = set()
    for finding in (each for found in every for each in found):
        if first.setdefault(finding.requirement, finding) != finding:
            differ.add(finding.requirement)
    return [each for name, each in first.items() if name in OF_THE_COMPANY - differ]


def of_person(found: list[Finding], company: Collection[Finding]) -> list[Finding]:
    """What was found of one person, without what is told of the company."""
    told = {finding.requirement for finding in company}
    return [finding for finding in found if finding.requirement not in told]
