"""How a card will look is seen before it is ordered, by the company alone."""

import io

import pytest
from PIL import Image

from hmskort.simulators import world
from orders.models import Line
from orders.order_page.faces import face_of
from tests.builders import a_cart, with_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(kari):
    return a_cart(kari, "employed in another sub-unit").lines.get()


def address(line, side):
    return f"/bestilling/{line.order.reference}/{line.reference}/{side}.png"


def picture(response):
    return Image.open(io.BytesIO(response.content))


@pytest.mark.feature("F207")
def test_both_sides_of_each_card_are_shown_in_the_cart(line, kari, client_as):
    client = client_as(kari)
    page = client.get(f"/bestilling/{line.order.reference}/").content.decode()
    for side in ("forside", "bakside"):
        assert address(line, side) in page
        shown = client.get(address(line, side))
        assert shown["Content-Type"] == "image/png"
        assert shown["Cache-Control"] == "private, no-store"
        width, height = picture(shown).size
        assert abs(width / height - 85.6 / 53.98) < 0.01


@pytest.mark.feature("F207")
def test_the_preview_changes_with_the_portrait_and_says_that_it_is_one(line, kari, client_as):
    client = client_as(kari)
    before = client.get(address(line, "forside")).content
    assert client.get(address(line, "forside")).content == before
    with_files(line.order, kari)
    assert client.get(address(line, "forside")).content != before
    face = face_of(Line.objects.select_related("order__kind", "person", "portrait").get())
    assert (face.number, face.issued_on, face.is_preview) == ("", None, True)


def test_nobody_else_sees_the_preview(line, somebody, session_for):
    mona = session_for(somebody("leader of many"), world.company("roofer").orgnr)
    assert mona.get(address(line, "forside")).status_code == 404
    assert mona.get(address(line, "bakside")).status_code == 404


def test_a_person_whom_folkeregisteret_has_not_told_of_has_no_face(kari, client_as, fault):
    fault("folkeregisteret", "silent")
    line = a_cart(kari, "D-number").lines.get()
    assert client_as(kari).get(address(line, "forside")).status_code == 404
