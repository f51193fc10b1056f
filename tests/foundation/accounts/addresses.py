"""Addresses for the tests of this app: its own, and two pages to go to."""

from django.http import HttpResponse
from django.urls import include, path

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Right


def show_actor(request):
    """Who asks, and for how many units he may write."""
    return HttpResponse(f"{request.actor.name} {len(request.actor.units(Right.WRITE))}")


@accounts.needs(Right.MANAGE_ACCOUNTS)
def manage(request):
    """A page for the security administrator."""
    return HttpResponse("账号")


desk = ([path("", show_actor, name="my_today"), path("manage/", manage, name="manage")], "supervision")
urlpatterns = [
    path("accounts/", include("gongkai.foundation.accounts.urls")),
    path("desk/ui/", include("gongkai.foundation.ui.urls")),
    path("desk/", include(desk)),
]
