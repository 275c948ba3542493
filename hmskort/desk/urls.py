"""Cases: what employers send, and what caseworkers answer."""

from django.urls import path

from hmskort.desk.views import caseworker, employer

app_name = "desk"
LINE = "bestilling/<slug:reference>/<slug:line>"
urlpatterns = [
    path(f"{LINE}/unntak/<slug:requirement>/", employer.apply, name="apply"),
    path(f"{LINE}/innsigelse/<slug:requirement>/", employer.dispute, name="dispute"),
    path("henvendelser/", employer.cases, name="cases"),
    path("henvendelser/<slug:reference>/", employer.case, name="case"),
    path("henvendelser/<slug:reference>/<uuid:attachment>/", employer.document, name="document"),
    path("saker/", caseworker.queue, name="queue"),
    path("saker/<slug:reference>/", caseworker.case, name="staff_case"),
    path("saker/<slug:reference>/avgjor/", caseworker.decide, name="decide"),
    path("saker/<slug:reference>/<uuid:attachment>/", caseworker.document, name="staff_document"),
]
