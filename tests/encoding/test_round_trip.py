import json
from dataclasses import replace
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoding import access, geometry, profiles
from encoding.codecs import CODECS
from encoding.content import CardContent, Kind, Sex
from encoding.decode import decode
from encoding.errors import Unfit, Unreadable
from encoding.plan import encode
from encoding.profiles import Profile
from tests.encoding.builders import RANDOM, UID, build_content

KINDS = pytest.mark.parametrize("kind", list(Kind))
NAMES = [
    ("Kari Ærlig", "Bøe Åsen"),
    ("Łukasz", "Wójcik"),
    ("Žydrūnė", "Šimkutė"),
    ("Ștefan", "Țepeș"),
    ("Seán", "O'Brien"),
    ("Áilu", "Čáhppes Ŋiŋŋá"),
    ("Suryani", ""),
    ("", "Madonna"),
]


@KINDS
@pytest.mark.feature("F124")
@pytest.mark.parametrize(("given_names", "surname"), NAMES)
def test_names_come_back_letter_by_letter(a_plan, public_keys, kind, given_names, surname):
    content = build_content(kind=kind, given_names=given_names, surname=surname)
    found = decode(a_plan(content).image_as_read(), public_keys)
    assert found.content == content
    assert not found.shortened


@KINDS
@pytest.mark.feature("F125")
@pytest.mark.parametrize("birth", [date(1900, 1, 1), date(1964, 2, 29), date(2008, 12, 31)])
def test_the_birth_date_comes_back(a_plan, kind, birth):
    content = build_content(kind=kind, birth_date=birth)
    assert decode(a_plan(content).image_as_read()).content.birth_date == birth


@pytest.mark.feature("F125")
def test_a_birth_date_before_1900_is_refused():
    with pytest.raises(Unfit, match="birth_date"):
        build_content(birth_date=date(1899, 12, 31))
    with pytest.raises(Unfit, match="1900"):
        CODECS["date"].pack(date(1899, 12, 31), 4)


@KINDS
@pytest.mark.parametrize("sex", list(Sex))
@pytest.mark.feature("F126")
def test_the_sex_is_the_one_given_and_may_be_unknown(a_plan, kind, sex):
    content = build_content(kind=kind, sex=sex)
    assert decode(a_plan(content).image_as_read()).content.sex is sex


@KINDS
@pytest.mark.feature("F127")
def test_the_company_comes_back_and_a_long_name_is_cut_at_a_character(a_plan, kind):
    content = build_content(kind=kind, org_name="Østfold " + "Ø" * 60)
    found = decode(a_plan(content).image_as_read())
    assert found.content.orgnr == content.orgnr
    assert content.org_name.startswith(found.content.org_name)
    assert found.content.org_name == "Østfold"
    assert found.shortened
    short = build_content(kind=kind, org_name="Snekkeriet i Fjære ANS")
    assert decode(a_plan(short).image_as_read()).content.org_name == short.org_name


@KINDS
@pytest.mark.feature("F128")
def test_the_card_number_stands_the_same_in_every_record(a_plan, kind):
    content = build_content(kind=kind, card_number="10203040")
    image = a_plan(content).image_as_read()
    assert image.count(b"10203040") == 2
    assert decode(image).content.card_number == "10203040"


@KINDS
@pytest.mark.feature("F129")
def test_issue_and_expiry_come_back(a_plan, kind):
    content = build_content(kind=kind, issued_on=date(2028, 2, 29), expires_on=date(2030, 2, 28))
    found = decode(a_plan(content).image_as_read()).content
    assert (found.issued_on, found.expires_on) == (date(2028, 2, 29), date(2030, 2, 28))


@KINDS
@pytest.mark.feature("F123")
def test_an_image_is_4096_bytes_with_40_valid_trailers(a_plan, kind):
    card = a_plan(build_content(kind=kind))
    image = card.image_as_read()
    assert len(image) == 4096
    ours = {sector.number for sector in card.sectors}
    for sector in range(geometry.SECTORS):
        trailer = geometry.block_of(image, geometry.trailer_block(sector))
        if sector in ours:
            assert trailer[6:9] == access.ISSUED
            access.unpack(trailer[6:9])
    for sector in card.sectors:
        assert len(sector.trailer()) == 16


@KINDS
def test_a_seven_byte_uid_is_as_good(a_plan, public_keys, kind):
    card = a_plan(build_content(kind=kind), uid=bytes.fromhex("04782E21801D80"))
    found = decode(card.image_as_read(), public_keys)
    assert found.attestation.uid.hex() == "04782e21801d80"


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=90)
contents = st.builds(
    dict,
    kind=st.sampled_from(Kind),
    card_number=st.from_regex("[0-9]{8}", fullmatch=True),
    given_names=texts,
    surname=texts,
    birth_date=st.dates(date(1900, 1, 1), date(2015, 1, 1)),
    sex=st.sampled_from(Sex),
    orgnr=st.from_regex("[0-9]{9}", fullmatch=True),
    org_name=texts,
    issued_on=st.dates(date(2026, 1, 1), date(2040, 1, 1)),
    generation=st.integers(1, 255),
)


@given(contents)
def test_anything_that_makes_a_content_makes_a_card_that_decodes(keys, public_keys, values):
    try:
        content = CardContent(**values, expires_on=date(2050, 1, 1))
    except Unfit:
        return
    card = encode(content, uid=UID, profile=profiles.load("reference-1"), keys=keys, random=RANDOM)
    found = decode(card.image_as_read(), public_keys)
    kept = replace(
        content,
        given_names=found.content.given_names or content.given_names,
        surname=found.content.surname,
        org_name=found.content.org_name or content.org_name,
    )
    assert content.surname.startswith(found.content.surname)
    assert found.shortened or found.content == content
    assert replace(kept, generation=1).to_json().keys() == content.to_json().keys()


@KINDS
def test_any_changed_bit_of_ours_is_noticed(a_plan, public_keys, kind):
    card = a_plan(build_content(kind=kind))
    whole = card.image_as_read()
    for number in sorted(number for sector in card.sectors for number, _ in sector.blocks):
        for bit in range(number % 7, 128, 7):
            image = bytearray(whole)
            image[number * 16 + bit // 8] ^= 1 << bit % 8
            with pytest.raises(Unreadable):
                decode(bytes(image), public_keys)


def test_a_copy_on_another_card_is_noticed(a_plan, public_keys):
    image = a_plan().image_as_read()
    with pytest.raises(Unreadable, match="signature"):
        decode(image, public_keys, uid=bytes.fromhex("1F02A3B5"))


def test_a_card_without_its_commit_is_not_complete(a_plan):
    card = a_plan()
    image = bytearray(card.image_as_read())
    image[card.commit_block * 16 : card.commit_block * 16 + 16] = bytes(16)
    with pytest.raises(Unreadable):
        decode(bytes(image))


def test_the_same_random_bytes_give_the_same_plan_and_others_another(a_plan):
    assert a_plan().digest() == a_plan().digest()
    assert a_plan().digest() != a_plan(random=bytes(8)).digest()


def moved():
    """Another layout of the same values: other sectors, other places, other AID."""
    data = json.loads((resources.files(profiles) / "reference-1.json").read_text())
    data |= {"name": "moved", "version": 9, "aid": "4811"}
    data["public"]["sectors"] = [7]
    for place, field in enumerate(data["public"]["fields"]):
        field |= {"sector": 7}
        if place == 0:
            field["value"] = "BNID"
    data["personal"]["construction"]["sectors"] = [34]
    position = 0
    for field in data["personal"]["construction"]["fields"]:
        block, offset = divmod(position, 16)
        field |= {"sector": 34, "block": block, "offset": offset}
        position += field["size"]
    data["commit"]["sectors"] = [39]
    for field in data["commit"]["fields"]:
        field["sector"] = 39
    return Profile.from_json(json.dumps(data))


@pytest.mark.feature("F131")
def test_another_profile_changes_bytes_not_code(a_plan, public_keys, reference):
    other = moved()
    card = a_plan(profile=other)
    image = card.image_as_read()
    assert {sector.number for sector in card.sectors} == {0, 16, 7, 34, 39}
    assert image != a_plan().image_as_read()
    found = decode(image, public_keys, known=(reference, other))
    assert (found.profile, found.content) == ("moved", build_content())
    with pytest.raises(Unreadable):
        decode(image, public_keys, known=(reference,))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d["public"]["fields"][1].update(offset=3), "on top"),
        (lambda d: d["public"]["fields"][10].update(offset=16), "outside"),
        (lambda d: d["public"].update(sectors=[16]), "directory"),
        (lambda d: d["commit"].update(sectors=[33]), "shared|outside|not in"),
        (lambda d: d["public"]["fields"][0].update(codec="magic"), "no codec"),
        (lambda d: d["personal"]["cleaning"]["tags"][0].update(size=120), "more than 240"),
    ],
)
def test_a_profile_that_cannot_be_right_is_refused(change, complaint):
    data = json.loads((resources.files(profiles) / "reference-1.json").read_text())
    change(data)
    with pytest.raises(Unfit, match=complaint):
        Profile.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"card_number": "1234567"}, "card_number"),
        ({"orgnr": "12345678X"}, "orgnr"),
        ({"given_names": "", "surname": " "}, "surname"),
        ({"surname": "Nord\x00mann"}, "surname"),
        ({"expires_on": date(2026, 11, 21)}, "expires_on"),
        ({"generation": 256}, "generation"),
    ],
)
def test_content_that_cannot_stand_on_a_card_names_its_field(change, field):
    with pytest.raises(Unfit, match=field):
        build_content(**change)


def test_content_travels_as_json_and_does_not_print_the_person():
    content = build_content()
    assert CardContent.from_json(content.to_json()) == content
    assert "Nordmann" not in repr(content)
    assert "1985" not in repr(content)
    with pytest.raises(Unfit, match="orgnr"):
        CardContent.from_json({**content.to_json(), "orgnr": None})
