"""The kinds of exemption there are from the start. More are added as data.

Source: Arbeidstilsynet's guidance on HSE cards, the section given for each kind. Sector codes are
Statistics Norway's institutional sectors, industries SN2007. Where the guidance names no length,
twelve months is ours.
"""

from typing import Any

GUIDE = "Arbeidstilsynet, Veiledning om HMS-kort"
OWN_INITIATIVE = ["2100", "2300", "2500", "7000", "8200", "8300"]  # private sectors


def _kind(position: int, requirement: str, names: tuple[str, str, str], section: str, **more: Any) -> dict[str, Any]:  # noqa: E501  # fmt: skip
    nb, nn, en = names
    return {
        "position": position,
        "requirement": requirement,
        "name_nb": nb,
        "name_nn": nn,
        "name_en": en,
        "source": f"{GUIDE}, {section}",
        **more,
    }


VAT, WORK, PERMIT = "vat_registered", "employed", "may_work_in_norway"
BY_ITSELF: dict[str, Any] = {"automatic": True, "by_application": False}

KINDS: dict[str, dict[str, Any]] = {
    "municipal_enterprise": _kind(
        10, VAT,
        ("Kommunalt foretak med sektorkode 1510", "Kommunalt føretak med sektorkode 1510",
         "Municipal enterprise with sector code 1510"),
        "3.2 punkt 3", sector_codes=["1510"], asks=["provision"],
    ),
    "svalbard": _kind(
        20, VAT,
        ("Virksomhet som hører hjemme på Svalbard", "Verksemd som høyrer heime på Svalbard",
         "Company based in Svalbard"),
        "3.2 punkt 4", municipalities=["2100"], asks=["staff_registered"],
    ),
    "client_pays_vat": _kind(
        30, VAT,
        ("Utenlandsk virksomhet der oppdragsgiver betaler merverdiavgift",
         "Utanlandsk verksemd der oppdragsgivar betaler meirverdiavgift",
         "Foreign company whose client pays VAT"),
        "3.2 punkt 2", forms=["NUF"], documents=["rf1199", "contract"], asks=["language"],
    ),
    "low_turnover_new": _kind(
        40, VAT,
        ("Omsetning under 50 000 kroner, virksomheten er yngre enn seks måneder",
         "Omsetning under 50 000 kroner, verksemda er yngre enn seks månader",
         "Turnover below NOK 50,000, company younger than six months"),
        "3.2 punkt 1 første strekpunkt", months_below=6, longest_months=3, renewable=False,
    ),
    "low_turnover": _kind(
        50, VAT,
        ("Omsetning under 50 000 kroner, virksomheten er eldre enn seks måneder",
         "Omsetning under 50 000 kroner, verksemda er eldre enn seks månader",
         "Turnover below NOK 50,000, company older than six months"),
        "3.2 punkt 1 andre strekpunkt", months_at_least=6, documents=["rf1316"],
    ),
    "public_sector": _kind(
        60, VAT,
        ("Offentlig virksomhet", "Offentleg verksemd", "Public body"),
        "3.2 punkt 5", sector_codes=["1110", "6100", "6500"], **BY_ITSELF,
    ),
    "training_office": _kind(
        61, VAT,
        ("Opplæringskontor", "Opplæringskontor", "Training office"),
        "3.2 punkt 5", sector_codes=["7000"], industries=["85.32", "85.6"], **BY_ITSELF,
    ),
    "interest_organisation": _kind(
        62, VAT,
        ("Interesseorganisasjon", "Interesseorganisasjon", "Interest organisation"),
        "3.2 punkt 5", sector_codes=["7000"], industries=["94."], **BY_ITSELF,
    ),
    "own_property": _kind(
        63, VAT,
        ("Utleie og omsetning av egen fast eiendom", "Utleige og omsetning av eigen fast eigedom",
         "Letting and sale of own real estate"),
        "3.2 punkt 5", sector_codes=OWN_INITIATIVE, industries=["68.1", "68.2"], **BY_ITSELF,
    ),
    "no_vat_duty": _kind(
        90, VAT,
        ("Annen virksomhet uten plikt til å betale merverdiavgift",
         "Anna verksemd utan plikt til å betale meirverdiavgift",
         "Other company without a duty to pay VAT"),
        "3.2 punkt 6", documents=["tax_office"], asks=["reason"],
    ),
    "spouse": _kind(
        110, WORK,
        ("Ektefelle til innehaver av enkeltpersonforetak",
         "Ektefelle til innehavar av enkeltpersonføretak", "Spouse of a sole proprietor"),
        "3.5.1 punkt 1", personal=True, forms=["ENK"], asks=["spouse"],
    ),
    "owner": _kind(
        120, WORK,
        ("Innehaver av enkeltpersonforetak", "Innehavar av enkeltpersonføretak",
         "Owner of a sole proprietorship"),
        "3.3 andre avsnitt", personal=True, forms=["ENK"], roles=["INNH"], **BY_ITSELF,
    ),
    "partner": _kind(
        130, WORK,
        ("Deltaker i ansvarlig selskap (DA eller ANS)",
         "Deltakar i ansvarleg selskap (DA eller ANS)",
         "Partner in a general partnership (DA or ANS)"),
        "3.5.1 punkt 2", personal=True, automatic=True, forms=["DA", "ANS"],
        roles=["DTPR", "DTSO"], documents=["firmaattest"],
    ),
    "chair": _kind(
        140, WORK,
        ("Styreleder som ikke er ansatt", "Styreleiar som ikkje er tilsett",
         "Chair of the board, not employed"),
        "3.5.1 punkt 3", personal=True, automatic=True, roles=["LEDE"], documents=["firmaattest"],
    ),
    "private_clients": _kind(
        150, WORK,
        ("Utenlandsk virksomhet som bare har private oppdragsgivere",
         "Utanlandsk verksemd som berre har private oppdragsgivarar",
         "Foreign company with private clients only"),
        "3.5.2", personal=True, forms=["NUF"], documents=["contract"],
        asks=["language", "contact", "ends_on", "people"], longest_months=24,
    ),
    "svalbard_permit": _kind(
        210, PERMIT,
        ("Renhold på Svalbard", "Reinhald på Svalbard", "Cleaning in Svalbard"),
        "3.6 andre avsnitt", personal=True, municipalities=["2100"], asks=["case_number", "people"],
    ),
    "override": _kind(
        900, "",
        ("Feil i et register, satt til side av to saksbehandlere",
         "Feil i eit register, sett til side av to saksbehandlarar",
         "Error in a register, set aside by two caseworkers"),
        "feil avslag", personal=True, by_application=False, renewable=False,
    ),
    "assessed": _kind(
        910, "",
        ("Uklart svar fra et register, vurdert av saksbehandlere",
         "Uklart svar frå eit register, vurdert av saksbehandlarar",
         "Unclear answer from a register, assessed by caseworkers"),
        "uklart svar", by_application=False, renewable=False,
    ),
}  # fmt: skip


def make_exemption_kinds(exemption_kind: Any) -> None:
    """Every kind exists; what is there is left as it is.

    exemption_kind: the model, as it is or as a migration knows it.
    """
    for code, values in KINDS.items():
        exemption_kind.objects.get_or_create(code=code, defaults=values)
