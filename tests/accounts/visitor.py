"""A browser that goes between the portal and ID-porten as a person would."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from django.test import Client

from hmskort.accounts.models import User
from hmskort.simulators import world
from hmskort.simulators.site import transport
from registers.persons import person_for


def national_id(case):
    return world.person(case).national_id


def user_of(case):
    return User.objects.get(person=person_for(national_id(case)))


def changed(address, **parameters):
    """The address with these parameters in place of its own."""
    parts = urlsplit(address)
    return parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | parameters)).geturl()


def parameter(address, name):
    return dict(parse_qsl(urlsplit(address).query)).get(name)


class Visitor:
    def __init__(self):
        self.portal = Client()
        self.outside = httpx.Client(transport=transport())

    def begin(self, query="", **form):
        """ID-porten's address, as the portal sends the visitor there."""
        response = self.portal.post(f"/logg-inn/{query}", form)
        assert response.status_code == 302, response.content
        return response["Location"]

    def choose(self, address, case=None, level=None, **form):
        """The way back to the portal, after saying at ID-porten who to be."""
        if case:
            form["typed"] = national_id(case)
        if level:
            form["level"] = f"idporten-loa-{level}"
        response = self.outside.post(address, data=form)
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def back(self, address):
        parts = urlsplit(address)
        return self.portal.get(f"{parts.path}?{parts.query}")

    def log_in(self, case, level=None, **form):
        return self.back(self.choose(self.begin(**form), case, level))

    def get(self, path, **kwargs):
        return self.portal.get(path, **kwargs)

    def post(self, path, **form):
        return self.portal.post(path, form)

    @property
    def is_logged_in(self):
        return "_auth_user_id" in self.portal.session
