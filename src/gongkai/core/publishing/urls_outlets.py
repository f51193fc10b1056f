from django.urls import path

from gongkai.core.publishing.views import outlets

app_name = "outlets"
urlpatterns = [path("", outlets.list_outlets, name="list")]
