from django.urls import path

from gongkai.consumers.portal import views

app_name = "portal_desk"
urlpatterns = [
    path("<uuid:uuid>/", views.preview, name="preview"),
    path("limits/<uuid:uuid>/", views.preview_limit, name="limit"),
]
