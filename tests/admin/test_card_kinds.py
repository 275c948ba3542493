"""A card kind is data: added in the administration, ordered, judged, issued, made and checked."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cards.face.faces import fronts
from cards.production.actions import gather
from cards.production.queries import faces_of
from cards.public_check.queries import check
from hmskort.audit.models import Event
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.models import Effect
from orders.models import Line
from registers.models import CardKind, KindRequirement
from tests.admin.forms import opened, price, requirement, rows, sent
from tests.builders import a_cart, rest
from tests.cards.builders import issued, produced

pytestmark = pytest.mark.django_db
ADD = reverse("admin:registers_cardkind_add")
CAR_CARE = {
    "code": "bilpleie",
    "name_nb": "Bilpleie, hjulskift og hjullagring",
    "name_nn": "Bilpleie, hjulskift og hjullagring",
    "name_en": "Car care and wheel services",
    "chip_kind": "cleaning",
    "source": "FOR-2012-05-08-408 § 9, fra 1. juli 2022",
}
GOODS = {
    "code": "varetransport",
    "name_nb": "Varetransport",
    "name_nn": "Varetransport",
    "name_en": "Goods transport",
    "chip_kind": "construction",
    "source": "Forskrift 20. juni 2025",
}


def change(code):
    return reverse("admin:registers_cardkind_change", args=[code])


def a_kind(desk, values, *names):
    """The kind is added with these requirements, priced, and opened for orders."""
    rows = [requirement(name, place, since="2022-07-01") for place, name in enumerate(names, 1)]
    sent(desk, ADD, values, rows)
    price(desk, values["code"], "129,50")
    sent(desk, change(values["code"]), opened(desk, change(values["code"]), open_for_orders="on"))
    return CardKind.objects.get(pk=values["code"])


@pytest.mark.feature("F235")
@pytest.mark.parametrize(
    ("values", "names", "unmet"),
    [
        (CAR_CARE, ("company_exists", "person_exists", "employed"), set()),
        (GOODS, ("company_exists", "person_exists", "employed", "vat_registered"),
         {"vat_registered"}),
    ],
)  # fmt: skip
def test_a_kind_that_is_added_is_judged_by_its_own_requirements(desk, kari, values, names, unmet):
    kind = a_kind(desk, values, *names)
    order = a_cart(kari, "Ola", company="not VAT registered", kind=kind.pk)
    verdict = order.lines.get().verdict
    assert [row["requirement"] for row in verdict.findings] == list(names)
    not_met = {row["requirement"] for row in verdict.findings if row["found"] == "not_met"}
    assert not_met - {"employed"} == unmet


@pytest.mark.feature("F235")
def test_a_card_of_a_kind_that_is_added_is_ordered_issued_made_and_checked(desk, kari, client_as):
    kind = a_kind(desk, CAR_CARE, "company_exists", "person_exists", "employed")
    assert "Bilpleie, hjulskift og hjullagring" in client_as(kari).get("/bestill/").content.decode()
    line = a_cart(kari, "employed", kind=kind.pk).lines.get()
    assert (line.verdict.outcome, line.price_net_ore) == ("met", 12_950)
    Line.objects.all().delete()
    card = produced(kind=kind.pk)
    rest()
    answer = check(card.number)
    assert (answer.status, answer.kind_code) == ("valid", "bilpleie")
    page = client_as(kari).get(f"/k/{card.number}/").content.decode()
    assert "Bilpleie, hjulskift og hjullagring" in page
    english = client_as(kari).get(f"/k/{card.number}/", headers={"accept-language": "en"})
    assert "Car care and wheel services" in english.content.decode()


@pytest.mark.feature("F235")
@pytest.mark.parametrize("values", [CAR_CARE, GOODS])
def test_chip_and_face_of_a_kind_that_is_added_are_what_its_row_says(desk, values):
    kind = a_kind(desk, values, "company_exists", "person_exists", "employed")
    card = issued(kind=kind.pk)
    rest()
    batch = gather()
    assert card.chip_job.content["kind"] == values["chip_kind"]
    [face] = faces_of(batch)
    assert (face.kind_nb, face.kind_en) == (values["name_nb"], values["name_en"])
    assert fronts([face]).startswith(b"%PDF")


def test_the_code_of_a_kind_is_given_once_and_what_is_used_is_not_deleted(desk, kari):
    a_cart(kari, "employed")
    sent(desk, change("bygg"), opened(desk, change("bygg"), code="annet", name_nb="Bygg"))
    assert CardKind.objects.get(pk="bygg").name_nb == "Bygg"
    delete = reverse("admin:registers_cardkind_delete", args=["bygg"])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert CardKind.objects.filter(pk="bygg").exists()


def test_a_kind_that_is_added_is_not_open_until_somebody_opens_it(desk):
    assert "open_for_orders" not in opened(desk, ADD)
    assert opened(desk, change("bygg"))["open_for_orders"]


def test_a_kind_that_nothing_rests_on_may_be_deleted(desk):
    sent(desk, ADD, CAR_CARE, [])
    sent(desk, reverse("admin:registers_cardkind_delete", args=["bilpleie"]), {"post": "yes"})
    assert not CardKind.objects.filter(pk="bilpleie").exists()
    assert Event.objects.filter(name="data:deleted", subject_id="bilpleie").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "må ha krav som gjelder i dag"),
        ([requirement("employed", 1)], "Lagre uten å åpne, legg inn prisen, og åpne etterpå."),
        ([requirement("employed", 1), requirement("employed", 2, since="2022-07-01")],
         "to ganger samtidig"),
        ([requirement("employed", 1, until="2020-01-01")], "kan ikke være før den første"),
        ([requirement("a_rule_there_is_not", 1)], "Velg et gyldig valg"),
    ],
)  # fmt: skip
def test_a_kind_that_cannot_stand_is_not_stored(desk, given, said):
    assert said in sent(desk, ADD, {**CAR_CARE, "open_for_orders": "on"}, given, fails=True)
    assert not CardKind.objects.filter(pk="bilpleie").exists()


def new_row(desk, code, **row):
    """The form of a kind with one more requirement."""
    form = opened(desk, change(code))
    had = int(form["requirements-INITIAL_FORMS"][0])
    blank = {name for name in form if name.startswith(f"requirements-{had}-")}
    kept = {name: value for name, value in form.items() if name not in blank}
    return {**kept, **rows([row], had)}


def test_what_was_done_stands_in_the_history_with_who(desk, administrator):
    sent(desk, change("bygg"), opened(desk, change("bygg"), name_en="Building"))
    row = requirement("in_foretaksregisteret", 9)
    sent(desk, change("bygg"), new_row(desk, "bygg", **row))
    first, second = history(CardKind.objects.get(pk="bygg"))
    assert (first.actor_kind, first.actor_id) == ("staff", str(administrator.pk))
    assert first.data == {"name_en": {"was": "Construction", "now": "Building"}}
    [added] = second.data["kindrequirement_added"]
    assert (added.pop("requirement"), added.pop("until")) == ("in_foretaksregisteret", None)
    assert set(added) == {"since", "position", "source"}
    page = desk.get(reverse("admin:registers_cardkind_history", args=["bygg"])).content.decode()
    assert "Turid Ordnes" in page
    assert "Navn på engelsk: Construction → Building" in page
    assert "Nye krav: " in page
    assert "Krav: Foretaksregisteret" in page


@pytest.mark.parametrize("field", ["requirement", "since", "source"])
def test_a_requirement_that_stands_is_not_edited(desk, field):
    before = list(KindRequirement.objects.filter(kind="bygg").values_list("pk", field))
    sent(desk, change("bygg"), {**opened(desk, change("bygg")), f"requirements-0-{field}": "x"})
    assert list(KindRequirement.objects.filter(kind="bygg").values_list("pk", field)) == before
    with pytest.raises(DatabaseError), transaction.atomic():
        KindRequirement.objects.filter(kind="bygg").update(source="Noe annet")


def test_the_past_of_a_kind_in_use_is_not_rewritten(desk, kari):
    a_cart(kari, "employed")
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    row = requirement("in_foretaksregisteret", 9, since=yesterday)
    assert "kan ikke begynne før i dag" in sent(
        desk, change("bygg"), new_row(desk, "bygg", **row), fails=True
    )
    ended = {**opened(desk, change("bygg")), "requirements-0-until": yesterday}
    assert "kan ikke være før i dag" in sent(desk, change("bygg"), ended, fails=True)
    gone = {**opened(desk, change("bygg")), "requirements-0-DELETE": "on"}
    sent(desk, change("bygg"), gone)
    assert KindRequirement.objects.filter(kind="bygg").count() == 5


def statuses(card):
    rest()
    card.refresh_from_db()
    return check(card.number).status, card.unmet


@pytest.mark.feature("F143")
def test_a_requirement_that_begins_today_takes_the_cards_of_its_kind_and_no_others(desk):
    card, other = (
        produced(company="DA", case="DA partner"),
        produced("cleaner", "cleaning", "renhold"),
    )
    rest()
    row = requirement("cleaning_approved", 9)
    sent(desk, change("bygg"), new_row(desk, "bygg", **row))
    assert statuses(card) == ("not_valid", ["cleaning_approved"])
    assert card.state == "produced"  # nobody blocked it
    assert statuses(other)[0] == "valid"
    changes = Event.objects.filter(name="card:validity_changed", subject_id=str(card.pk))
    assert changes.count() == 1
    today = clock.today().isoformat()
    place = KindRequirement.objects.filter(kind="bygg").count() - 1
    sent(
        desk, change("bygg"), {**opened(desk, change("bygg")), f"requirements-{place}-until": today}
    )
    assert statuses(card)[0] == "not_valid"  # today is its last day


@pytest.mark.feature("F143")
def test_a_requirement_that_begins_next_week_is_judged_next_week_once_and_ends_on_its_day(
    desk, wind_forward
):
    card = produced()
    rest()
    first = (clock.today() + timedelta(days=7)).isoformat()
    last = (clock.today() + timedelta(days=8)).isoformat()
    row = requirement("cleaning_approved", 9, since=first, until=last)
    sent(desk, change("bygg"), new_row(desk, "bygg", **row))
    assert statuses(card)[0] == "valid"
    wind_forward(days=7)
    assert statuses(card) == ("not_valid", ["cleaning_approved"])
    wind_forward(days=2)
    assert statuses(card) == ("valid", [])
    told = Effect.objects.filter(event="kind:changed", listener__startswith="cards.")
    assert [effect.state for effect in told] == ["done", "done"]


def test_carts_are_judged_by_what_the_kind_requires_now(desk, kari):
    line = a_cart(kari, "employed").lines.get()
    assert line.verdict.outcome == "met"
    sent(desk, change("bygg"), new_row(desk, "bygg", **requirement("cleaning_approved", 9)))
    rest()
    line.refresh_from_db()
    assert "cleaning_approved" in {row["requirement"] for row in line.verdict.findings}


def test_many_cards_are_judged_each_once(desk):
    cards = [produced(case) for case in ("employed", "D-number", "Sámi name")]
    rest()
    sent(desk, change("bygg"), new_row(desk, "bygg", **requirement("cleaning_approved", 9)))
    assert {statuses(card)[0] for card in cards} == {"not_valid"}
    changes = Event.objects.filter(name="card:validity_changed")
    assert changes.count() == len(cards)
