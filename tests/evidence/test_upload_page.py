"""The page where the employer uploads a person's portrait, signature and ID."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from hmskort.audit.models import Event
from hmskort.common.transactions import owns_transaction
from hmskort.common.uploads.upload_wall import MOST_BODY_BYTES
from orders import actions
from orders.errors import Incomplete
from orders.evidence import reasons
from orders.evidence.actions import decide
from orders.evidence.models import Piece
from orders.evidence.states import PieceState
from orders.models import Line, Order
from orders.states import LineState, OrderState
from tests.builders import a_cart, actor_of, file_of, rest, with_files
from tests.evidence import faces

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def cart(kari) -> Order:
    return a_cart(kari, "employed")


@pytest.fixture
def line(cart) -> Line:
    return cart.lines.get()


def address(line: Line) -> str:
    return f"/bestilling/{line.order.reference}/{line.reference}/filer/"


def picture(image, name="bilde.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, faces.jpeg(image), "image/jpeg")


def page(response) -> str:
    return " ".join(response.content.decode().split())


def test_each_field_names_the_types_that_it_takes(client_as, kari, line):
    shown = page(client_as(kari).get(address(line)))
    assert shown.count('data-text-type="Filen må være et bilde av typen JPEG eller PNG."') == 2
    assert shown.count("av typen JPEG eller PNG, eller en PDF.") == 1  # the ID copy


def test_all_three_go_up_in_one_form_without_javascript(client_as, kari, line):
    client = client_as(kari)
    files = {kind: file_of(kind) for kind in Piece.Kind.values}
    answer = client.post(address(line), files, follow=True)
    line.refresh_from_db()
    assert [line.portrait, line.signature, line.id_copy].count(None) == 0
    assert "Filene er lagret." in page(answer)
    assert "Mangler" not in page(answer)
    assert "Neste steg" in page(answer)


def test_a_bad_file_is_named_beside_its_field_and_the_good_ones_stay(client_as, kari, line):
    files = {
        "portrait": picture(faces.good().resize((200, 250))),
        "id_copy": file_of("id_copy"),
    }
    answer = client_as(kari).post(address(line), files)
    assert answer.status_code == 422
    text = "Bildet er 200 × 250 piksler. Det må være minst 600 × 750."
    assert page(answer).count(text) == 2  # in the summary and by the field
    assert 'href="#id_portrait"' in page(answer)
    line.refresh_from_db()
    assert line.portrait is None
    assert line.id_copy is not None


def test_sending_nothing_says_that_a_file_is_missing(client_as, kari, line):
    answer = client_as(kari).post(address(line), {})
    assert answer.status_code == 422
    assert "Filen mangler. Velg en fil først." in page(answer)


def test_a_file_that_is_too_large_is_refused_in_words(client_as, kari, line):
    large = SimpleUploadedFile("stor.jpg", b"x" * (11 * 1024 * 1024), "image/jpeg")
    answer = client_as(kari).post(address(line), {"portrait": large})
    assert answer.status_code == 422
    assert "Filen er på 11,0 MB. Den kan ikke være større enn 10 MB." in page(answer)


def test_a_body_larger_than_any_form_is_not_read(client_as, kari, line):
    class Unread:
        """A body that nobody may read."""

        def read(self, *size):
            raise AssertionError("the body was read")

        readline = read

    environ = {
        "CONTENT_LENGTH": str(MOST_BODY_BYTES + 1),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Unread(),
    }
    assert client_as(kari).post(address(line), {}, **environ).status_code == 400


@pytest.mark.feature("F097")
def test_what_is_required_stands_on_the_page_with_good_and_bad_examples(client_as, kari, line):
    shown = page(client_as(kari).get(address(line)))
    for words in (
        "Krav til bildene",
        "Rett forfra",
        "Ikke briller",
        "Kan brukes",
        "norsk eller utenlandsk pass",
        "Kan ikke brukes",
        "bankkort",
    ):
        assert words in shown
    assert shown.index("Krav til bildene") < shown.index('type="file"')


@pytest.mark.feature("F078")
def test_the_upload_is_closed_while_a_register_says_no(client_as, kari):
    line = a_cart(kari, "not employed").lines.get()
    client = client_as(kari)
    for answer in (
        client.get(address(line)),
        client.post(address(line), {"portrait": picture(faces.good())}),
    ):
        assert answer.status_code == 403
        assert "Filer kan ikke lastes opp ennå" in page(answer)
        assert "Slik retter du det" in page(answer)
    assert not Piece.objects.filter(person=line.person).exists()


@pytest.mark.feature("F079")
def test_a_line_cannot_be_ordered_before_its_pictures_are_there(client_as, kari, cart, line):
    client = client_as(kari)
    assert len(actions.missing_in(line)) == 3
    with pytest.raises(Incomplete):
        actions.begin_payment(order=cart, actor=actor_of(kari))
    client.post(address(line), {"portrait": file_of("portrait"), "id_copy": file_of("id_copy")})
    line.refresh_from_db()
    [lacks] = actions.missing_in(line)
    assert "signatur" in lacks
    cart.kind.signature_required = False
    cart.kind.save()
    line = Line.objects.get(pk=line.pk)
    assert actions.missing_in(line) == []
    assert "Signatur" not in page(client.get(address(line)))
    cart.refresh_from_db()
    assert cart.state == OrderState.CART


def test_the_verdict_comes_while_the_page_is_open(client_as, kari, line):
    client = client_as(kari)
    shown = client.post(address(line), {"portrait": file_of("portrait")}, follow=True)
    assert "Vi sjekker bildet" in page(shown)
    assert f'hx-get="{address(line)}status/?nr=1"' in page(shown)
    rest()
    part = page(client.get(f"{address(line)}status/?nr=1"))
    assert "Bildet ser bra ut" in part
    assert "hx-get" not in part


def test_advice_says_what_to_do_and_may_be_overruled(client_as, kari, line):
    client = client_as(kari)
    client.post(address(line), {"portrait": picture(faces.dark())})
    rest()
    shown = page(client.get(address(line)))
    assert "Ansiktet er mørkt." in shown
    assert "Ta bildet i dagslys" in shown
    line.refresh_from_db()
    answer = client.post(address(line), {"keep": str(line.portrait_id)}, follow=True)
    assert "Du bruker bildet likevel" in page(answer)
    line.portrait.refresh_from_db()
    assert line.portrait.kept_at is not None


def test_ola_finds_neither_page_nor_picture(client_as, ola, per, kari, line):
    with_files(line.order, kari)
    line.refresh_from_db()
    shown = f"{address(line)}{line.portrait_id}/"
    assert client_as(per).get(shown).status_code == 200
    other = client_as(ola)
    for where in (address(line), f"{address(line)}status/", shown):
        assert other.get(where).status_code in {302, 404}  # no company to act for, or not theirs
        assert other.get(where, follow=True).content[:3] != b"\xff\xd8\xff"


def test_a_picture_of_another_line_is_not_found_under_this_one(client_as, kari):
    order = with_files(a_cart(kari, "employed", "also employed"), kari)
    first, second = order.lines.all()
    assert client_as(kari).get(f"{address(first)}{second.portrait_id}/").status_code == 404


@owns_transaction
def refuse(line: Line, kind: str, codes: list[str], words: str, user) -> None:
    for name in Piece.Kind.values:
        chosen = codes if name == kind else []
        state = PieceState.REFUSED if chosen else PieceState.APPROVED
        decide(
            piece=getattr(line, name),
            state=state,
            reasons=chosen,
            comment=words if chosen else "",
            actor=actor_of(user),
        )
    Line.objects.filter(pk=line.pk).update(state=LineState.REFUSED)


def test_only_what_was_refused_is_asked_for_again(client_as, kari, reviewer, line):
    with_files(line.order, kari)
    line.refresh_from_db()
    refuse(line, "portrait", ["glasses"], "Brillene speiler lyset.", reviewer)
    client = client_as(kari)
    shown = page(client.get(address(line)))
    assert "Rett det som er avvist" in shown
    assert str(reasons.reason("portrait", "glasses").advice) in shown
    assert "Brillene speiler lyset." in shown
    assert shown.count('type="file"') == 1
    assert shown.count("Godkjent i kontroll") == 2
    client.post(address(line), {"id_copy": file_of("id_copy")})  # not asked for: not taken
    before = line.id_copy_id
    client.post(address(line), {"portrait": file_of("portrait")})
    line.refresh_from_db()
    assert line.state == LineState.IN_REVIEW
    assert line.id_copy_id == before


def test_files_in_review_are_shown_but_cannot_be_changed(client_as, kari, cart, line):
    with_files(cart, kari)
    Line.objects.filter(pk=line.pk).update(state=LineState.IN_REVIEW)
    client = client_as(kari)
    assert 'type="file"' not in page(client.get(address(line)))
    before = Line.objects.get(pk=line.pk).portrait_id
    client.post(address(line), {"portrait": file_of("portrait")})
    assert Line.objects.get(pk=line.pk).portrait_id == before


def removal(line: Line, kind: str) -> str:
    return f"{address(line)}{getattr(line, kind).pk}/fjern/"


@pytest.fixture
def filled(cart, kari) -> Line:
    with_files(cart, kari)
    return cart.lines.get()


def test_a_file_is_removed_from_the_cart_after_a_question(client_as, kari, filled):
    client, asks = client_as(kari), removal(filled, "portrait")
    portrait = filled.portrait
    assert asks in page(client.get(address(filled)))
    assert "Vil du fjerne filen?" in page(client.get(asks))
    assert Piece.objects.filter(pk=portrait.pk).exists()
    answer = client.post(asks, follow=True)
    assert "Filen er fjernet." in page(answer)
    filled.refresh_from_db()
    assert (filled.portrait, filled.signature is None) == (None, False)
    assert client.post(asks).status_code == 404


def test_a_removed_file_is_gone_from_us_and_the_history_says_so(
    client_as, kari, filled, django_capture_on_commit_callbacks
):
    portrait = filled.portrait
    with django_capture_on_commit_callbacks(execute=True):
        client_as(kari).post(removal(filled, "portrait"))
    assert not Piece.objects.filter(pk=portrait.pk).exists()
    assert not any(
        default_storage.exists(str(name)) for name in (portrait.file, portrait.card_file)
    )
    told = Event.objects.get(name="evidence:deleted")
    assert (told.subject_id, told.data) == (str(portrait.pk), {"kind": "portrait"})


def test_a_file_that_another_order_holds_stays_there(client_as, kari, filled):
    portrait = filled.portrait
    actions.remove_line(line=filled, actor=actor_of(kari))
    again = a_cart(kari, "employed").lines.get(state="draft")
    assert again.portrait == portrait
    client_as(kari).post(removal(again, "portrait"))
    filled.refresh_from_db()
    again.refresh_from_db()
    assert (filled.portrait, again.portrait) == (portrait, None)


def test_a_file_is_not_removed_from_an_order_at_the_payment_page(client_as, kari, filled):
    Order.objects.filter(pk=filled.order_id).update(state=OrderState.PAYING)
    assert "/fjern/" not in page(client_as(kari).get(address(filled)))
    answer = client_as(kari).post(removal(filled, "portrait"), follow=True)
    assert "Bestillingen er sendt og kan ikke endres her." in page(answer)
    filled.refresh_from_db()
    assert filled.portrait
