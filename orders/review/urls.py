"""The queue of pictures and IDs."""

from django.urls import path

from orders.review import views

app_name = "review"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("neste/", views.claim_next, name="next"),
    path("<slug:reference>/", views.case, name="case"),
    path("<slug:reference>/avgjor/", views.decide, name="decide"),
    path("<slug:reference>/legg-tilbake/", views.put_back, name="put_back"),
    path("<slug:reference>/forny/", views.renew, name="renew"),
    path("<slug:reference>/<uuid:piece>/", views.picture, name="picture"),
]
