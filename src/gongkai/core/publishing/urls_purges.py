from django.urls import path

from gongkai.core.publishing.views import purges

app_name = "purges"
urlpatterns = [
    path("", purges.show_purges, name="list"),
    path("of/<uuid:uuid>/", purges.request_purge, name="request"),
    path("<uuid:uuid>/", purges.show_purge, name="purge"),
    path("<uuid:uuid>/approve/", purges.approve_purge, name="approve"),
    path("<uuid:uuid>/refuse/", purges.refuse_purge, name="refuse"),
    path("<uuid:uuid>/confirm/<str:code>/", purges.confirm_part, name="confirm"),
]
