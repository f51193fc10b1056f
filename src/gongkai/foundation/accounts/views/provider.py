from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.accounts import actions, provider
from gongkai.foundation.accounts.asking import show_sign_in
from gongkai.foundation.accounts.carrying import came_from_here
from gongkai.foundation.accounts.kinds import SignInWay
from gongkai.foundation.accounts.middleware import find_user
from gongkai.foundation.accounts.requests import DeskRequest
from gongkai.foundation.accounts.views.onward import go_on, read_onward
from gongkai.foundation.accounts.views.signing import UNAUTHORISED, let_in
from gongkai.lib.errors import Refusal

ONWARD = "provider_onward"


@never_cache
@login_not_required
@require_safe
def ask_provider(request: DeskRequest) -> HttpResponse:
    """Go to the local identity provider to sign in (统一身份认证). A link, not a form: the policy lets no form lead to another host."""
    onward = read_onward(request)
    if find_user(request):
        return redirect(onward)
    try:
        answer = provider.start(request, request.build_absolute_uri(reverse("accounts:provider_answer")))
    except Refusal as refusal:
        return show_sign_in(request, onward, status=UNAUTHORISED, refused=str(refusal))
    request.session[ONWARD] = onward
    return answer


@never_cache
@login_not_required
@require_safe
def hear_provider(request: DeskRequest) -> HttpResponse:
    """Back from the provider (认证回来): signed in when everything is proven, else the login with words."""
    onward = str(request.session.get(ONWARD) or read_onward(request))
    try:
        claims = provider.finish(request)
        user = actions.accept_identity(provider=provider.get_known(), claims=claims, now=request.now, at_system=timezone.now())
    except Refusal as refusal:
        actions.note_refused_identity(now=request.now)
        return show_sign_in(request, onward, status=UNAUTHORISED, refused=str(refusal))
    request.session.pop(ONWARD, None)
    return let_in(request, user, SignInWay.PROVIDER, "", onward)


@csrf_exempt
@never_cache
@login_not_required
@require_POST
def resume(request: DeskRequest) -> HttpResponse:
    """Go on with what was typed, after signing in in another tab (继续保存).

    The page was made before that, so its token cannot fit; that it came from a page of ours is what has to be true.
    """
    onward, kept = read_onward(request), request.POST.get("kept", "")
    user = find_user(request)
    if user is not None and came_from_here(request):
        return go_on(request, user, kept, onward)
    return show_sign_in(request, onward, kept=kept, status=UNAUTHORISED, is_expired=True)
