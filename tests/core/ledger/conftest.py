import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import registry
from gongkai.core.ledger.kinds import Binding
from tests.factories.ledger import a_unit, some_terms

TERMS: dict[str, dict] = {
    "policy.rules": {},
    "license.dual": {"limit_text": "P7WD", "binding": Binding.SUPERIOR, "basis": "国办发〔2015〕51号"},
    "rer.register_promise": {"limit_text": "P5WD", "binding": Binding.PROMISE},
    "publish.unit_review": {"limit_text": "P1WD", "binding": Binding.INTERNAL},
    "plan.draft": {"limit_text": "min:P30D"},
    "opinion.other": {"limit_text": "PT48H", "binding": Binding.SUPERIOR},
    "annual.report": {"limit_text": "fixed:01-31"},
    "plan.site": {"limit_text": "none"},
}


@pytest.fixture
def unit(calendar):
    """A department, and terms of each kind."""
    ledger.load_terms(some_terms(entry=entry, label=entry, **changed) for entry, changed in TERMS.items())
    return a_unit()


@pytest.fixture
def subscribers(monkeypatch: pytest.MonkeyPatch) -> dict:
    """An empty list of subscribers: those of the installed apps have nothing to do here."""
    listening: dict = {}
    monkeypatch.setattr(registry, "SUBSCRIBERS", listening)
    monkeypatch.setattr("gongkai.core.ledger.actions.events.SUBSCRIBERS", listening)
    return listening


@pytest.fixture
def heard(subscribers) -> list:
    """What one subscriber hears."""
    events: list = []
    subscribers["test.ears"] = events.append
    return events
