from django.urls import path

from gongkai.producers.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("", views.list_causes, name="list"),
    path("new/", views.new_cause, name="new"),
    path("<uuid:uuid>/", views.show_cause, name="cause"),
    path("<uuid:uuid>/write/", views.write, name="write"),
]
