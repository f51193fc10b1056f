import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.models import Cause
from tests.factories.disclosure import a_cause, a_file

pytestmark = pytest.mark.django_db


def test_causes_that_have_a_text_get_the_moment_it_was_first_saved(clerk, openness_office, friday):
    begun, idle = a_cause(actor=clerk, now=friday), a_cause(actor=clerk, now=friday)
    disclosure.start_writing(cause=begun.uuid, actor=clerk, now=friday)
    disclosure.import_documents(documents=[a_file()], actor=openness_office, now=friday)
    Cause.objects.update(began_at=None)

    fill = import_string("gongkai.producers.disclosure.migrations.0003_fill_first_saves.fill")
    fill(apps, None)

    moments = dict(Cause.objects.values_list("uuid", "began_at"))
    assert moments.pop(idle.uuid) is None
    assert set(moments.values()) == {friday}
    fill(apps, None)  # again changes nothing
    assert Cause.objects.get(uuid=idle.uuid).began_at is None
