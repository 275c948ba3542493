import io
import re
from datetime import date

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.demonstration_pictures import scribble, silhouette
from cards.face.faces import COMPANY_STEPS, NAME_STEPS, STYLES, Face, backs, fronts
from cards.face.fitting import lines_of, size_for, width_of
from tests.cards.builders import a_picture

LONG = "Żydrūnas Błażej Þórður Åsmund-Østerås van der Sluijs Ñandú Őry"


def a_face(**given_values) -> Face:
    return Face(
        **{
            "number": "47112083",
            "kind_code": "bygg",
            "kind_nb": "Bygg og anlegg",
            "kind_en": "Construction",
            "company_name": "BYGGMESTER AS",
            "orgnr": "310010006",
            "holder_name": "Nora Tømmerås",
            "birth_date": date(1995, 8, 23),
            "issued_on": date(2026, 11, 21),
            "expires_on": date(2028, 11, 21),
            "portrait": a_picture(),
            "signature": None,
            "issuer_name": "HMS-kort demonstrasjon AS",
            "issuer_phone": "00000000",
            "issuer_email": "hjelp@hmskort.example",
            "base_url": "https://hmskort.example",
            **given_values,
        }
    )


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.mark.feature("F122")
@pytest.mark.parametrize(
    ("kind_nb", "kind_en"),
    [
        ("Bilpleie, hjulskift og hjullagring", "Car care, wheel changing and wheel storage"),
        ("Varetransport med kjøretøy under 3 500 kilo, også elektriske", "Goods transport"),
    ],
)
def test_a_long_kind_keeps_to_its_side_of_the_band(kind_nb, kind_en):
    face = a_face(kind_code="ny", kind_nb=kind_nb, kind_en=kind_en)
    page = pypdfium2.PdfDocument(io.BytesIO(fronts([face])))[0]
    text = page.get_textpage()
    mark, band = text.search("HSE card").get_next(), 10.2
    where = text.search(kind_nb.split()[0]).get_next()
    assert text.get_charbox(where[0])[0] > text.get_charbox(mark[0] + mark[1] - 1)[2]
    last = text.search(kind_en.split()[-1]).get_next()
    bottom = text.get_charbox(last[0])[1]
    assert (page.get_height() - bottom) * 25.4 / 72 < band
    assert kind_nb.replace(" ", "") in "".join(text.get_text_range().split())


def test_a_long_name_with_every_kind_of_letter_is_printed_whole():
    (text,) = pages(fronts([a_face(holder_name=LONG)]))
    assert LONG in text


def test_a_name_without_spaces_is_broken_and_printed_whole():
    name = "Wolfeschlegelsteinhausenbergerdorff" * 3
    (text,) = pages(fronts([a_face(holder_name=name)]))
    assert name in text.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "size"), [("Nora Tømmerås", 12), (LONG, 6), ("W" * 40, 6), ("i" * 40, 12)]
)
def test_letters_shrink_only_as_much_as_the_name_needs(name, size):
    assert size_for(name, width_mm=51, steps=NAME_STEPS) == size


@given(st.text("abcdefæøåłśžMW -", min_size=1, max_size=120))
@settings(max_examples=60, deadline=None)
def test_a_longer_name_never_takes_fewer_lines(name):
    assert lines_of(name + " Moe", width_em=12) >= lines_of(name, width_em=12) >= 1


def test_a_letter_that_the_font_lacks_counts_as_a_wide_one():
    assert width_of("漢") > width_of("W") * 0.9


def test_every_size_of_letters_has_its_style():
    styles = set(re.findall(r"\.pt-(\d+) ", STYLES.read_text()))
    assert {f"{size * 10:.0f}" for size, _ in (*NAME_STEPS, *COMPANY_STEPS)} <= styles


def test_a_hundred_cards_are_one_document_in_the_same_order_on_both_sides():
    faces = [a_face(number=f"{80_000_000 + n}") for n in range(100)]
    shown = [f"{face.number[:4]} {face.number[4:]}" for face in faces]
    for side in (fronts, backs):
        texts = [text.replace("\N{NO-BREAK SPACE}", " ") for text in pages(side(faces))]
        assert [number in text for number, text in zip(shown, texts, strict=True)] == [True] * 100


@pytest.mark.parametrize("many", [0, 101])
def test_a_document_holds_one_to_a_hundred(many):
    with pytest.raises(ValueError, match="1 to 100"):
        fronts([a_face()] * many)


def test_a_picture_that_is_none_stops_the_document():
    with pytest.raises(ValueError, match="JPEG or PNG"):
        fronts([a_face(portrait=b"<svg onload=alert(1)>")])


@pytest.mark.parametrize("part", [0.01, 0.5, 0.9])
def test_a_picture_that_is_cut_off_stops_the_document(part):
    whole = silhouette(1)
    with pytest.raises(ValueError, match="picture"):
        fronts([a_face(portrait=whole[: int(len(whole) * part)])])


def test_markup_in_a_name_is_printed_as_it_is():
    (text,) = pages(fronts([a_face(company_name="<img src=x> & Sønn AS")]))
    assert "<img src=x> & Sønn AS" in text


def test_the_demonstrations_pictures_are_the_same_for_the_same_seed():
    assert silhouette(3) == silhouette(3) != silhouette(4)
    assert scribble(3).startswith(b"\x89PNG")
