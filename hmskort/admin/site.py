"""Django's administration for those who have that staff role, logged in through ID-porten.

There is no password form and no way around the portal's own gate: each address carries the stamp
of `hmskort.accounts.access`, and for everybody else none of them exists.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from hmskort.accounts.access import staff
from hmskort.accounts.models import StaffRole, User

administrators = staff(StaffRole.ADMINISTRATOR)
LEFT_OUT = {
    "login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site",
    "app_list",
}  # fmt: skip


class Administration(AdminSite):
    """What is data is kept here: card kinds, kinds of exemption, prices."""

    site_header = _("Administrasjon av HMS-kort")
    site_title = _("HMS-kort")
    index_title = _("Regler og priser")
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.has_role(StaffRole.ADMINISTRATOR)

    def get_urls(self) -> list[Any]:
        """Django's addresses behind our gate, without those of its own login."""
        found = [each for each in super().get_urls() if getattr(each, "name", "") not in LEFT_OUT]
        a_room = path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list")
        return [_gated(each) for each in [*found, a_room]]


def _gated(each: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(each, URLResolver):
        for inner in each.url_patterns:
            _gated(inner)
    else:
        each.callback = administrators(each.callback)
    return each


site = Administration(name="admin")
