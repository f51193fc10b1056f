from django.urls import path

from gongkai.foundation.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.show_jobs, name="jobs"),
    path("<int:intent_id>/retry/", views.retry_job, name="retry"),
]
