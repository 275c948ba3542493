"""Money given back, for staff."""

from django.urls import path

from orders.crediting import views

app_name = "crediting"
urlpatterns = [
    path("", views.late, name="late"),
    path("porto/", views.correct, name="correct"),
    path("porto/<slug:reference>/", views.correction, name="correction"),
]
