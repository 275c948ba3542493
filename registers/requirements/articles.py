"""Which help article a requirement leads to. The articles themselves are in `hmskort.pages`."""

ARTICLES = {
    "company_exists": "enhetsregisteret",
    "vat_registered": "merverdiavgift",
    "in_foretaksregisteret": "foretaksregisteret",
    "staffing_approved": "bemanningsforetak",
    "cleaning_approved": "renholdsgodkjenning",
    "person_exists": "folkeregisteret",
    "employed": "arbeidsforhold",
    "may_work_in_norway": "rett-til-arbeid",
}
# What people get stuck on within a requirement has an article of its own.
OF_REASON = {
    "person_not_found": "d-nummer",
    "d_number_inactive": "d-nummer",
    "not_employed_with_role": "eier-eller-leder",
}
OF_SOURCE = {"oar": "utsendte-arbeidstakere"}


def article_of(requirement: str, reason: str, source: str) -> str:
    """The article, by its place in the address: the narrowest that there is."""
    return OF_REASON.get(reason) or OF_SOURCE.get(source) or ARTICLES[requirement]
