import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse

from hmskort.simulators import faults, site, world
from hmskort.simulators.apps import SimulatorsConfig
from hmskort.simulators.services import SERVICES
from hmskort.simulators.views import SWITCHES

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings):
    return httpx.Client(
        base_url=settings.SIMULATORS_URL, transport=site.transport(), follow_redirects=True
    )


def test_the_site_cannot_be_loaded_in_production(settings):
    settings.HMSKORT_ENV = "production"
    with pytest.raises(ImproperlyConfigured):
        SimulatorsConfig.create("hmskort.simulators").ready()


def test_the_front_page_shows_who_can_log_in_and_every_service(visitor):
    page = visitor.get("/").text
    assert world.person("Kari").national_id in page
    assert world.person("reviewer").name in page
    assert all(service.title in page for service in SERVICES)


def test_people_are_found_by_their_story(visitor):
    page = visitor.get("/people/", params={"q": "begynner om 29"}).text
    assert "Sindre Snart" in page
    assert "Byggestad" not in page


def test_a_fault_is_set_and_healed_on_the_page(visitor):
    page = visitor.post("/_faults/folkeregisteret", data={"mode": "silent", "seconds": "9"}).text
    assert "Svarer ikke" in page
    page = visitor.post("/_faults/folkeregisteret", data={"mode": "off", "seconds": ""}).text
    assert "Svarer ikke" not in page


def test_a_fault_is_set_by_a_program(visitor):
    answer = visitor.post("/_faults/aaregisteret", json={"mode": "429", "seconds": 3})
    assert answer.json() == {"service": "aaregisteret", "mode": "429"}
    assert visitor.post("/aareg/v1/arbeidsforhold/graphql").headers["Retry-After"] == "3"


@pytest.mark.parametrize(
    ("service", "body", "status"),
    [
        ("nobody", {"mode": "off"}, 404),
        ("sms", {"mode": "explode"}, 400),
        ("sms", {}, 400),
        ("sms", {"mode": "slow", "seconds": "long"}, 400),
    ],
)
def test_a_switch_that_does_not_exist_is_refused(visitor, service, body, status):
    assert visitor.post(f"/_faults/{service}", json=body).status_code == status


def test_every_service_has_a_path_and_a_switch_of_its_own():
    assert len({service.path for service in SERVICES}) == len(SERVICES)
    assert {service.key for service in SERVICES} < set(SWITCHES)


def test_an_answer_that_a_fault_has_marked_is_held_back(monkeypatch, rf):
    waited = []
    monkeypatch.setattr(faults.time, "sleep", waited.append)
    monkeypatch.setattr(faults.connections, "close_all", lambda: None)
    marked = HttpResponse(headers={faults.DELAY_HEADER: "1.5"})
    assert faults.Waiting(lambda _: marked)(rf.get("/")) is marked
    faults.Waiting(lambda _: HttpResponse())(rf.get("/"))
    assert waited == [1.5]
