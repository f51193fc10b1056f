from django.urls import path

from gongkai.foundation.delegations import views

app_name = "delegations"
urlpatterns = [
    path("", views.list_delegations, name="list"),
    path("<uuid:uuid>/end/", views.end_delegation, name="end"),
]
