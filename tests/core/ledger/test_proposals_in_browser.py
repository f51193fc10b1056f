"""An extension that is asked for, in Chromium: no rule of axe is broken and nothing scrolls sideways, on a desk and on a telephone."""

import os
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import Terms
from gongkai.foundation.organisations.models import Unit
from tests.core.ledger.test_receipt_in_browser import SEEN, chromium
from tests.factories.ledger import Papers, an_obligation, at

__all__ = ["chromium"]

FRIDAY = at("2026-10-09")
PICTURES = os.environ.get("GONGKAI_TEST_PICTURES", "")

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_an_extension_and_of_a_fee(chromium, live_server, sign_in, clerk, width):
    Terms.objects.filter(entry="policy.rules").update(extend_amount=20, extend_unit="WORKDAY", extend_approval="工作机构负责人同意")
    unit = Unit.objects.get(pk=clerk.unit_id)
    row, waiting = (an_obligation(unit, caused_on=date(2026, 9, 22), now=FRIDAY, label=label) for label in ("要延长的一件", "等缴费的一件"))
    papers: Papers = {"reason": "材料多", "article": "条例33条", "document": ""}
    asked = ledger.propose_extension(obligation=row.uuid, amount=10, actor=clerk, now=FRIDAY, **papers)
    ledger.charge_fee(
        obligation=waiting.uuid, notified_on=date(2026, 10, 9), latest_day=date(2026, 11, 6), actor=clerk, now=FRIDAY, **papers
    )
    context = chromium.new_context(viewport={"width": width, "height": 900})
    cookie = str(sign_in("何静").cookies[settings.SESSION_COOKIE_NAME].value)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    addresses = {
        "decide": reverse("ledger:proposal", args=[row.uuid, asked.uuid]),
        "asked": reverse("ledger:detail", args=[row.uuid]),
        "fee": reverse("ledger:detail", args=[waiting.uuid]),
    }
    for name, address in addresses.items():
        page.goto(f"{live_server.url}{address}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        broken = Axe().run(page, context="main", options={"runOnly": SEEN}).response["violations"]
        assert [rule["id"] for rule in broken] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()
