"""The calendars' pages among the settings: a namespace of their own, so that the sidebar shows where one is."""

from django.urls import path

from gongkai.core.ledger.views import calendars

app_name = "calendars"
urlpatterns = [
    path("", calendars.list_calendars, name="list"),
    path("change/", calendars.change_calendar, name="change"),
    path("day/", calendars.add_day, name="day"),
    path("<int:year>/", calendars.show_calendar, name="year"),
    path("<int:year>/withdraw/", calendars.withdraw_calendar, name="withdraw"),
]
