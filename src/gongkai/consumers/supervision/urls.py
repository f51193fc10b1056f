from django.urls import path

from gongkai.consumers.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.my_today, name="my_today"),
    path("notices/", views.list_notices, name="notices"),
]
