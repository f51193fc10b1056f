import importlib

import pytest
from django.apps import apps

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import ColumnUpdate
from tests.factories.publishing import a_publication

pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("gongkai.core.publishing.migrations.0002_tell_columns_of_updates")


def test_what_was_public_before_makes_its_column_known(clerk, reviewers, friday):
    for _ in range(2):
        a_publication(actor=clerk, by=reviewers, now=friday)
    ColumnUpdate.objects.all().delete()
    MIGRATION.tell_updates(apps, None)

    (row,) = ledger.list_freshness(now=friday)
    assert row.last_update == friday
    MIGRATION.tell_updates(apps, None)
    assert ColumnUpdate.objects.count() == 1
