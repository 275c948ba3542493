"""The front page, the guidance and the pages that help when something went wrong."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hmskort.accounts.access import RightMissing, log_in_first, public
from hmskort.accounts.queries import leaders_of
from hmskort.common import clock
from hmskort.pages import queries
from hmskort.pages.articles import ARTICLES


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Check a card, order a card, find help."""
    today = clock.today()
    context = {"prices": queries.card_prices(today), "more_kinds": queries.more_kinds(today)}
    return render(request, "pages/front.html", context)


@public
@require_safe
def page(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text."""
    return render(request, template)


@public
@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    """All help articles, with the card kinds that each requirement is for."""
    return render(request, "pages/requirements.html", {"shelves": queries.shelves(clock.today())})


@public
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """How one requirement is met, who is exempt from it and who can help."""
    if slug not in ARTICLES:
        raise Http404
    found = ARTICLES[slug]
    context = {
        "article": found,
        "kinds": queries.kinds_with(found.requirement, clock.today()),
        "exemptions": queries.exemptions_from(found.requirement, found.form),
    }
    return render(request, "pages/article.html", context)


@public
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to keep the portal among its apps."""
    return JsonResponse(
        {
            "name": "HMS-kort",
            "short_name": "HMS-kort",
            "description": _("Bestill HMS-kort, og sjekk om et kort er gyldig."),
            "start_url": "/",
            "display": "browser",
            "background_color": "#ffffff",
            "theme_color": "#00557a",
            "icons": [
                {"src": static("app/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": static("app/touch-icon.png"), "sizes": "180x180", "type": "image/png"},
            ],
        },
        content_type="application/manifest+json",
    )


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the front page and the guidance, and nothing about any card."""
    lines = ["User-agent: *", "Disallow: /sjekk/", "Disallow: /k/", "Disallow: /bestill/"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request made no sense to us."""
    return render(request, "errors/400.html", status=400)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was too old, or came from another site. Who must log in does that instead."""
    view = request.resolver_match and request.resolver_match.func
    open_to_all = getattr(view, "access", "public") == "public"
    if not (open_to_all or request.user.is_authenticated):
        return log_in_first(request)
    return render(request, "errors/csrf.html", status=403)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: logged in, but without the right to this."""
    company = exception.company if isinstance(exception, RightMissing) else None
    givers = leaders_of(company.orgnr) if company else []
    context = {"why": str(exception), "company": company, "givers": givers}
    return render(request, "errors/403.html", context, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or none that this person may know of."""
    return render(request, "errors/404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Rendered without request, session or database, which may be the fault."""
    return HttpResponse(get_template("errors/500.html").render(), status=500)
