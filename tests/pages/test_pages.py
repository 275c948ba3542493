import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import path
from stdnum.no import orgnr

from hmskort.common import clock
from hmskort.common.templatetags.portal import kr
from hmskort.common.transitions import Superseded
from hmskort.pages import urls as page_urls
from hmskort.urls import handler404, handler500, urlpatterns  # noqa: F401
from orders.prices import price_of

OPEN_PAGES = ["/", *(f"/{address}" for address in page_urls.GUIDES)]
NBSP = "\N{NO-BREAK SPACE}"

pytestmark = pytest.mark.django_db


def somebody_was_first(request):
    raise Superseded("approved meanwhile")


def our_fault(request):
    raise RuntimeError("unforeseen")


class PageReader(HTMLParser):
    """The links, ids and images of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.ids, self.focusable, self.tags = [], set(), [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.add(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in {"a", "button", "input", "summary", "select", "textarea"}:
            self.focusable.append((tag, given))


def read(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.feature("F001")
def test_the_front_page_leads_to_an_order_of_each_kind(client):
    links = PageReader(read(client, "/")).links
    assert "/bestill/?kort_type=bygg" in links
    assert "/bestill/?kort_type=renhold" in links


@pytest.mark.feature("F105")
def test_the_front_page_shows_todays_price_without_and_with_vat(client):
    text = read(client, "/")
    for kind in ("bygg", "renhold"):
        price = price_of(kind, clock.today())
        assert kr(price.net_ore) in text
        assert kr(price.gross_ore) in text
    assert "uten mva." in text
    assert "med mva." in text


def test_the_price_on_the_front_page_is_the_one_in_force_that_day(client, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2020, 1, 1))
    assert f"104,00{NBSP}kr" in read(client, "/")


def test_the_card_check_is_a_plain_form_that_asks_for_the_number(client):
    tags = PageReader(read(client, "/")).tags
    assert ("form", {"method": "get", "action": "/sjekk/"}) in tags
    number = next(given for tag, given in tags if given.get("name") == "number")
    assert number["inputmode"] == "numeric"
    assert number["aria-describedby"] in PageReader(read(client, "/")).ids


@pytest.mark.feature("F007")
@pytest.mark.parametrize("address", OPEN_PAGES)
def test_the_first_stop_on_every_page_is_a_link_to_its_content(client, address):
    page = PageReader(read(client, address))
    assert page.focusable[0] == ("a", {"class": "ds-skip-link", "href": "#main"})
    assert ("main", {"id": "main", "tabindex": "-1"}) in page.tags


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_every_link_of_an_open_page_leads_somewhere(client, address):
    page = PageReader(read(client, address))
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        elif link.startswith("/") and link.partition("?")[0] not in other_rooms():
            assert client.get(link).status_code == 200, link


def other_rooms():
    """Addresses that other rooms answer, and test."""
    return {"/sjekk/", "/bestill/", "/logg-inn/", "/bestillinger/"}


@pytest.mark.feature("F008")
@pytest.mark.parametrize("address", OPEN_PAGES)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_language_switch_keeps_the_page(client, address, language):
    response = client.post("/sprak/", {"language": language, "next": address}, follow=True)
    assert response.redirect_chain[-1][0] == address
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.feature("F008")
def test_the_english_front_page_has_the_check_and_the_prices(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = read(client, "/")
    assert "Check the card" in text
    assert f"130,00{NBSP}kr" in text


def test_the_switch_keeps_the_question_of_the_address(client):
    tags = PageReader(read(client, "/hjelp/?fra=e-post")).tags
    assert any(given.get("value") == "/hjelp/?fra=e-post" for _, given in tags)


def test_the_switch_names_each_language_in_itself(client):
    text = read(client, "/")
    assert all(f'lang="{code}"' in text and name in text for code, name in settings.LANGUAGES)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("no,en;q=0.9", "nb"),
        ("no-NO,en;q=0.9", "nb"),
        ("nn-NO,nn;q=0.9,no;q=0.8,en;q=0.7", "nn"),
        ("en-GB,en;q=0.9,no;q=0.5", "en"),
        ("de,no;q=0.5,en;q=0.1", "nb"),
        ("", "nb"),
    ],
)
def test_a_browser_that_asks_for_norwegian_gets_bokmal(client, wanted, given):
    assert f'<html lang="{given}"' in read(client, "/", accept_language=wanted)


@pytest.mark.feature("F022")
@pytest.mark.parametrize("address", OPEN_PAGES)
def test_the_footer_names_the_issuer_with_a_valid_number(client, address):
    text = read(client, address)
    footer = text[text.index("<footer") :]
    (number,) = re.findall(r"NO&nbsp;(\d{3}\xa0\d{3}\xa0\d{3})&nbsp;MVA", footer)
    assert settings.ISSUER_NAME in footer
    assert orgnr.is_valid(number.replace(NBSP, ""))


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_no_page_needs_inline_script_or_style(client, address):
    tags = PageReader(read(client, address)).tags
    assert not [tag for tag, given in tags if tag == "style" or "style" in given]
    assert not [given for tag, given in tags if tag == "script" and "src" not in given]
    assert not [name for _, given in tags for name in given if name.startswith("on")]


def test_a_page_that_is_not_there_says_what_to_do(client):
    response = client.get("/finnes-ikke/")
    assert response.status_code == 404
    assert "Vi finner ikke siden" in response.content.decode()


def test_a_form_that_is_too_old_says_that_nothing_was_sent(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/sprak/", {"language": "en"})
    assert response.status_code == 403
    assert "Ingenting ble sendt" in response.content.decode()


def test_who_sends_a_form_after_the_session_ended_logs_in_and_comes_back(client, db):
    client.handler.enforce_csrf_checks = True
    came_from = {"Referer": "http://testserver/bestill/"}
    response = client.post("/bestill/", {"numbers": "1"}, headers=came_from, follow=True)
    assert response.redirect_chain == [("/logg-inn/?next=%2Fbestill%2F", 302)]
    assert "det du sendte, ble ikke lagret" in response.content.decode()
    assert 'name="next" value="/bestill/"' in response.content.decode()


@pytest.mark.urls(__name__)
def test_the_second_of_two_who_change_the_same_is_told(client):
    response = client.get("/conflict/")
    assert response.status_code == 409
    assert "endret av en annen" in response.content.decode()
    assert client.get("/conflict/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    in_place = {"HX-Request": "true", "HX-Target": "main"}
    assert "HX-Refresh" not in client.get("/conflict/", headers=in_place)


@pytest.mark.urls(__name__)
def test_our_own_fault_is_told_without_asking_the_database(client, django_assert_num_queries):
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        response = client.get("/fault/")
    assert response.status_code == 500
    assert "Noe gikk galt hos oss" in response.content.decode()


def test_robots_are_kept_away_from_cards(client):
    text = read(client, "/robots.txt")
    assert "Disallow: /k/" in text
    assert "Disallow: /sjekk/" in text


def test_the_manifest_names_icons_that_exist(client):
    manifest = client.get("/manifest.webmanifest").json()
    for symbol in manifest["icons"]:
        assert (Path(settings.BASE_DIR) / symbol["src"].lstrip("/")).is_file()


@override_settings(ISSUER_NAME="Kortfabrikken AS", ISSUER_ORGNR="936441114")
def test_the_issuer_comes_from_settings(client):
    text = read(client, "/")
    assert "Kortfabrikken AS" in text
    assert f"936{NBSP}441{NBSP}114" in text


urlpatterns = [
    *urlpatterns,
    path("conflict/", somebody_was_first),
    path("fault/", our_fault),
]
