"""Addresses of the desk (工作台). The one place that puts the apps' addresses together."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="supervision:my_today")),
    path("accounts/", include("gongkai.foundation.accounts.urls")),
    path("desk/accounts/", include("gongkai.foundation.accounts.urls_people")),
    path("desk/", include("gongkai.consumers.supervision.urls")),
    path("desk/ledger/", include("gongkai.core.ledger.urls")),
    path("desk/calendars/", include("gongkai.core.ledger.urls_calendars")),
    path("desk/outlets/", include("gongkai.core.publishing.urls_outlets")),
    path("desk/purges/", include("gongkai.core.publishing.urls_purges")),
    path("desk/publishing/", include("gongkai.core.publishing.urls")),
    path("desk/delegations/", include("gongkai.foundation.delegations.urls")),
    path("desk/attachments/", include("gongkai.foundation.attachments.urls")),
    path("desk/causes/", include("gongkai.producers.disclosure.urls")),
    path("desk/preview/", include("gongkai.consumers.portal.urls_desk_preview")),
    path("desk/ui/", include("gongkai.foundation.ui.urls")),
    path("desk/audit/", include("gongkai.foundation.trail.urls")),
    path("desk/jobs/", include("gongkai.foundation.outbox.urls")),
]
