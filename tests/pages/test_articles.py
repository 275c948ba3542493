"""Every requirement has a help article, and every refusal leads to the one that helps."""

import pytest
from django.utils import translation
from django.utils.html import escape

from hmskort.common import clock
from hmskort.common.templatetags.portal import telefon
from hmskort.pages.articles import ARTICLES
from registers.exemptions.models import ExemptionKind
from registers.models import CardKind
from registers.requirements import articles
from registers.requirements.articles import article_of
from registers.requirements.rules import RULES
from registers.requirements.texts import LINKS, TITLES, explain
from tests.builders import a_cart
from tests.registers.test_requirements import CASES, TODAY

REFUSALS = [case for case in CASES if case[2] == "not_met"]
pytestmark = pytest.mark.django_db


def read(client, address, language="nb"):
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.feature("F010")
def test_every_requirement_has_an_article_of_its_own():
    assert set(articles.ARTICLES) == set(RULES) == set(TITLES)
    assert len(set(articles.ARTICLES.values())) == len(RULES)
    for requirement, slug in articles.ARTICLES.items():
        assert ARTICLES[slug].requirement == requirement


@pytest.mark.feature("F010")
def test_every_article_is_reached_from_a_requirement():
    reached = {*articles.ARTICLES.values(), *articles.OF_REASON.values()}
    assert reached | set(articles.OF_SOURCE.values()) == set(ARTICLES)


@pytest.mark.feature("F010")
@pytest.mark.parametrize(("requirement", "reason", "given"), [(c[0], c[3], c[1]) for c in REFUSALS])
def test_every_refusal_leads_to_an_article_and_to_the_registers_own_page(
    requirement, reason, given
):
    finding = RULES[requirement](given, TODAY)
    told = explain(finding.as_json())
    assert finding.reason == reason
    assert ARTICLES[told.article].requirement in {requirement, ""}
    assert told.link == LINKS[finding.source]


@pytest.mark.feature("F010")
def test_a_cart_shows_the_article_of_what_is_not_met(kari, session_for):
    order = a_cart(kari, "Ola", company="Byggmester AS")
    page = session_for(kari, order.orgnr).get(f"/bestilling/{order.reference}/").content.decode()
    assert 'href="/hjelp/arbeidsforhold/"' in page
    assert 'href="https://www.nav.no/aa-registeret"' in page


@pytest.mark.feature("F011")
def test_an_unknown_number_leads_to_how_to_get_a_d_number(client, kari, session_for):
    order = a_cart(kari, "not in Folkeregisteret")
    page = session_for(kari, order.orgnr).get(f"/bestilling/{order.reference}/").content.decode()
    assert 'href="/hjelp/d-nummer/"' in page
    text = read(client, "/hjelp/d-nummer/")
    assert "Slik får du D-nummer" in text
    assert "https://www.sua.no/" in text
    assert "skattekort" in text


@pytest.mark.feature("F050")
def test_an_owner_who_is_not_employed_is_told_what_that_means(client, kari, session_for):
    order = a_cart(kari, "board member not employed")
    page = session_for(kari, order.orgnr).get(f"/bestilling/{order.reference}/").content.decode()
    assert 'href="/hjelp/eier-eller-leder/"' in page
    assert "vanlig lønn" in read(client, "/hjelp/eier-eller-leder/")


@pytest.mark.parametrize("slug", sorted(ARTICLES))
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_an_article_is_whole_in_every_language(client, slug, language):
    text = read(client, f"/hjelp/{slug}/", language)
    article = ARTICLES[slug]
    with translation.override(language):
        parts = [article.title, article.lead, article.checks, *article.steps, *article.wait]
        parts += [part for both in article.more for part in both]
        assert all(translation_of(part) in text for part in parts)
    assert all(contact.href in text for contact in article.contacts)
    assert all(telefon(contact.phone) in text for contact in article.contacts)
    assert len(article.steps) >= 3


def translation_of(part):

    return escape(str(part))


@pytest.mark.parametrize("slug", sorted(articles.ARTICLES.values()))
def test_an_article_tells_who_is_exempt_as_the_administration_has_it(client, slug):
    text = read(client, f"/hjelp/{slug}/")
    kinds = ExemptionKind.objects.filter(requirement=ARTICLES[slug].requirement)
    offered = [kind for kind in kinds if kind.automatic or kind.by_application]
    assert all(kind.name_nb in text for kind in offered)
    assert ("Ingen er unntatt" in text) is not bool(offered)


def test_a_kind_of_exemption_that_is_added_stands_in_the_article(client):
    ExemptionKind.objects.create(
        code="coffee", position=5, requirement="vat_registered", name_nb="Kaffe", name_nn="Kaffi",
        name_en="Coffee", documents=["rf1316"], longest_months=4, source="A test",
    )  # fmt: skip
    text = read(client, "/hjelp/merverdiavgift/")
    assert "Kaffe." in text
    assert "legger ved: Attest for skatt og merverdiavgift (RF-1316)" in text
    assert "høyst 4 måneder" in text


def test_all_articles_are_reached_from_the_index_the_front_page_and_the_foot(client):
    index = read(client, "/hjelp/registerkrav/")
    assert all(f'href="/hjelp/{slug}/"' in index for slug in ARTICLES)
    front = read(client, "/")
    assert front.count('href="/hjelp/registerkrav/"') == 2
    assert client.get("/hjelp/finnes-ikke/").status_code == 404


def test_the_index_tells_which_cards_each_requirement_is_for(client):
    text = read(client, "/hjelp/rett-til-arbeid/")
    assert "Gjelder HMS-kort for: Renhold" in text
    CardKind.objects.create(
        code="bilpleie", name_nb="Bilpleie", name_nn="Bilpleie", name_en="Car care",
        chip_kind="cleaning", source="A test",
    ).requirements.create(
        requirement="may_work_in_norway", since=clock.today(), position=1, source="A test"
    )  # fmt: skip
    assert "Gjelder HMS-kort for: Bilpleie · Renhold" in read(client, "/hjelp/rett-til-arbeid/")


@pytest.mark.parametrize("slug", ["merverdiavgift", "d-nummer"])
def test_an_article_asks_few_questions(client, django_assert_max_num_queries, slug):
    with django_assert_max_num_queries(3):
        client.get(f"/hjelp/{slug}/")


def test_the_narrowest_article_is_chosen():
    assert article_of("employed", "not_employed", "aaregisteret") == "arbeidsforhold"
    assert article_of("employed", "not_reported", "oar") == "utsendte-arbeidstakere"
    assert article_of("employed", "not_employed_with_role", "aaregisteret") == "eier-eller-leder"
