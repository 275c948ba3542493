"""The simulator site: its own pages, the fault switches, and every service behind its switch."""

from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from hmskort.simulators import views
from hmskort.simulators.faults import behind_faults
from hmskort.simulators.hand import views as hand
from hmskort.simulators.services import SERVICES, Service
from hmskort.simulators.store import Store


def mounted(service: Service) -> list[URLPattern]:
    """The service's routes below its path, exempt from CSRF and behind its fault switch."""
    return [
        path(
            f"{service.path}{pattern.pattern}",
            csrf_exempt(behind_faults(service.key, pattern.callback)),
            pattern.default_args,
            pattern.name,
        )
        for pattern in service.urlpatterns_for(Store())
    ]


urlpatterns = [
    path("", views.front, name="front"),
    path("people/", views.people, name="people"),
    path("people/<int:place>/", hand.person, name="person"),
    path("companies/", hand.companies, name="companies"),
    path("companies/<str:orgnr>/", hand.company, name="company"),
    path("_hand/", hand.hands, name="hands"),
    path("_hand/<slug:what>", csrf_exempt(hand.change), name="hand"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/messages.json", views.inbox_json, name="inbox_json"),
    path("inbox/mail", csrf_exempt(behind_faults("mail", views.receive_mail)), name="receive_mail"),
    path("inbox/write/", csrf_exempt(views.write), name="write"),
    path("inbox/<int:sequence>/", views.message, name="message"),
    path("inbox/<int:sequence>/html", views.message_html, name="message_html"),
    path("inbox/<int:sequence>/attachments/<int:number>", views.attachment, name="attachment"),
    path("_faults/<slug:service>", csrf_exempt(views.switch), name="switch"),
    *(pattern for service in SERVICES for pattern in mounted(service)),
]
