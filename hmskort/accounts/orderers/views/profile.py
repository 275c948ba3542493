"""Min profil: who I am, my BestillerIDs, how I am reached, in which language."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts.access import logged_in
from hmskort.accounts.orderers import attempts, queries, second_factor
from hmskort.accounts.orderers.actions import contact, registering
from hmskort.accounts.orderers.errors import TooSoon
from hmskort.accounts.orderers.forms import ContactForm, LanguageForm
from hmskort.accounts.orderers.views.entering import LOCKED_STATUS
from hmskort.accounts.requests import LoggedInRequest
from hmskort.common.templatetags.portal import telefon

MAILS = "5/h/user"  # that the person asks for, to an address which may be somebody else's


@logged_in
@require_GET
def profile(request: LoggedInRequest) -> HttpResponse:
    """All that the portal knows of the person as an orderer, and the ways to change it."""
    user = request.user
    shown = {
        "orderers": queries.orderers_of(user),
        "waiting": queries.waiting_address(user),
        "languages": LanguageForm(initial={"language": user.language}),
        "password_way": settings.PASSWORD_LOGIN,
        "has_password": second_factor.has_one(user) and user.has_usable_password(),
        "codes_left": len(second_factor.recovery_codes(user)),
    }
    return render(request, "orderers/profile.html", shown)


@logged_in
@require_POST
def send_again(request: LoggedInRequest, orderer: int) -> HttpResponse:
    """The BestillerID is e-mailed once more."""
    row = queries.orderers_of(request.user).filter(pk=orderer).first()
    if row is None:
        raise Http404
    if attempts.counted(request, MAILS) is None:
        messages.error(
            request, _("Vi har sendt deg mange e-poster den siste timen. Vent litt, og prøv igjen.")
        )
        return redirect("orderers:profile")
    try:
        registering.send_again(orderer=row, actor=request.actor)
    except TooSoon:
        messages.info(
            request, _("Vi sendte den for et øyeblikk siden. Vent litt før du prøver igjen.")
        )
    else:
        messages.success(request, _("BestillerID-en er sendt på e-post."))
    return redirect("orderers:profile")


@logged_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_contact(request: LoggedInRequest) -> HttpResponse:
    """E-mail address and mobile; a new address waits for its link."""
    waiting = queries.waiting_address(request.user)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial={"email": waiting or request.user.email, "phone": telefon(request.user.phone)},
    )
    if request.method == "POST" and form.is_valid() and not _may_be_mailed(request, form):
        form.add_error(
            "email", _("Vi har sendt deg mange e-poster den siste timen. Vent litt, og prøv igjen.")
        )
        return render(request, "orderers/contact.html", {"form": form}, status=LOCKED_STATUS)
    if request.method == "POST" and form.is_valid():
        address = contact.change_contact(
            user=request.user, **form.cleaned_data, actor=request.actor
        )
        if address:
            messages.success(
                request,
                _("Vi har sendt en lenke til %(email)s. Adressen byttes når du har bekreftet den.")
                % {"email": address.email},
            )
        else:
            messages.success(request, _("Endringen er lagret."))
        return redirect("orderers:profile")
    status = 422 if form.errors else 200
    return render(request, "orderers/contact.html", {"form": form}, status=status)


def _may_be_mailed(request: LoggedInRequest, form: ContactForm) -> bool:
    """A link goes to another address than the one that counts, so many an hour and no more."""
    if form.cleaned_data["email"] == request.user.email.lower():
        return True
    return attempts.counted(request, MAILS) is not None


@logged_in
@require_POST
def change_language(request: LoggedInRequest) -> HttpResponse:
    """What we write to the person, and the pages they see, are in this language."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise Http404
    language = form.cleaned_data["language"]
    contact.set_language(user=request.user, language=language)
    with translation.override(language):
        messages.success(request, _("Endringen er lagret."))
    response: HttpResponse = redirect("orderers:profile")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
