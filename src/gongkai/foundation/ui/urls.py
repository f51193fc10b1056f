from django.urls import path

from gongkai.foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.show_components, name="components"),
    path("preferences/", views.choose_preferences, name="preferences"),
]
