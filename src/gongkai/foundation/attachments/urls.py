from django.urls import path

from gongkai.foundation.attachments import views

app_name = "attachments"

urlpatterns = [path("<uuid:uuid>/", views.download, name="download")]
