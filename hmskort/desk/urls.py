"""Cases: what employers send and caseworkers answer; and what has stopped."""

from django.urls import path

from hmskort.desk.views import (
    admission,
    agreements,
    caseworker,
    employer,
    intake,
    letters,
    operations,
)

app_name = "desk"
LINE = "bestilling/<slug:reference>/<slug:line>"
CARD = "kort/<slug:number>"
CASE = "saker/<slug:reference>"
urlpatterns = [
    path(f"{LINE}/unntak/<slug:requirement>/", employer.apply, name="apply"),
    path(f"{LINE}/innsigelse/<slug:requirement>/", employer.dispute, name="dispute"),
    path(f"{CARD}/unntak/<slug:requirement>/", employer.apply_for_card, name="apply_for_card"),
    path(f"{CARD}/innsigelse/<slug:requirement>/", employer.dispute_card, name="dispute_card"),
    path("henvendelser/", employer.cases, name="cases"),
    path("henvendelser/<slug:reference>/", employer.case, name="case"),
    path("henvendelser/<slug:reference>/klage/", employer.complain, name="complain"),
    path("henvendelser/<slug:reference>/<uuid:attachment>/", employer.document, name="document"),
    path("saker/", caseworker.queue, name="queue"),
    path(f"{CASE}/", caseworker.case, name="staff_case"),
    path(f"{CASE}/avgjor/", caseworker.decide, name="decide"),
    path(f"{CASE}/koble/", caseworker.place, name="place"),
    path(f"{CASE}/vis-numre/", caseworker.reveal, name="reveal"),
    path(f"{CASE}/<uuid:attachment>/", caseworker.document, name="staff_document"),
    path("uten-id-porten/", admission.apply, name="admission"),
    path("uten-id-porten/sendt/", admission.sent, name="admission_sent"),
    path("brev/", letters.waiting, name="letters"),
    path("brev/<int:code>/", letters.letter, name="letter"),
    path("brev/<int:code>/sendt/", letters.mark_sent, name="letter_sent"),
    path("brev/<int:code>/vis/", letters.hand_out, name="hand_out"),
    path("brev/<int:code>/ny/", letters.make_anew, name="new_code"),
    path("avtaler/", agreements.every, name="agreements"),
    path("avtaler/ny/", agreements.register, name="new_agreement"),
    path("avtaler/<slug:orgnr>/", agreements.agreement, name="agreement"),
    path("avtaler/<slug:orgnr>/send/", agreements.invite_again, name="invite_again"),
    path("e-post/inn/", intake.take_in, name="take_in_mail"),
    path("drift/", operations.stopped, name="operations"),
    path("drift/hendelser/igjen/", operations.try_all_again, name="try_all_again"),
    path("drift/hendelser/<int:effect>/igjen/", operations.try_again, name="try_again"),
    path("drift/betaling/<int:operation>/igjen/", operations.pay_again, name="pay_again"),
]
