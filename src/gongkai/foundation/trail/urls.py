from django.urls import path

from gongkai.foundation.trail import views

app_name = "trail"
urlpatterns = [
    path("", views.show_trail, name="trail"),
    path("verify/", views.verify, name="verify"),
    path("export.csv", views.export_lines, name="export"),
    path("chain.jsonl", views.export_chain, name="chain"),
]
