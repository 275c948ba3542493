"""Cases: what employers send, and what caseworkers answer."""

app_name = "desk"
urlpatterns: list[object] = []
