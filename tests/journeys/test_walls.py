"""Who sees what: a delegate as much as the leader, others nothing."""

import httpx

from tests.journeys import steps
from tests.journeys.steps import name_of


def test_per_goes_on_with_the_cart_that_kari_left(kari, somebody):
    per = somebody("Per")
    order = steps.starts_order(kari, "Sámi name")
    steps.hears_from_registers(kari, order, "Sámi name")

    per.acts_for("BYGGMESTER AS")
    per.opens("/bestill/")
    per.clicks("Fortsett bestillingen")
    per.is_at(f"/bestilling/{order}/")
    steps.gives_files(per, order, "Sámi name")
    steps.says_where(per, order, steps.email_of(order))
    steps.pays(per, order)

    kari.opens("/bestillinger/")
    kari.clicks(order)
    kari.reads(name_of("Sámi name"), "Til kontroll")


def test_for_ola_the_company_and_its_order_do_not_exist(kari, somebody):
    ola = somebody("Ola")
    ola.is_at("/velg-virksomhet/")
    ola.reads("Du har ingen virksomheter å handle for")
    order = steps.starts_order(kari, "missing", "agency worker")
    for address in (f"/bestilling/{order}/", f"/bestillinger/{order}/", "/bestillinger/", "/kort/"):
        ola.opens(address)
        ola.does_not_read(order)
        ola.does_not_read("BYGGMESTER AS")
    steps.empties_cart(kari)


def test_another_company_s_order_does_not_exist(kari, somebody):
    order = steps.starts_order(kari, "missing")
    eva = somebody("ENK owner")
    eva.opens(f"/bestilling/{order}/")
    assert eva.answer.status == httpx.codes.NOT_FOUND
    eva.reads("Vi finner ikke siden")
    steps.empties_cart(kari)


def test_a_reviewer_cannot_open_a_line_that_is_not_in_review(kari, reviewer):
    order = steps.starts_order(kari, "missing")
    line = steps.line_in_cart(kari, order)
    reviewer.opens(f"/kontroll/{line}/")
    assert reviewer.answer.status == httpx.codes.NOT_FOUND
    reviewer.reads("Vi finner ikke siden")
    steps.empties_cart(kari)
