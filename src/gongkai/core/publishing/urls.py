from django.urls import path

from gongkai.core.publishing.views import editor, lists, review

app_name = "publishing"
urlpatterns = [
    path("", lists.list_drafts, name="list"),
    path("queue/", lists.list_queue, name="queue"),
    path("published/", lists.list_published, name="published"),
    path("<uuid:uuid>/", editor.edit_draft, name="draft"),
    path("<uuid:uuid>/submit/", editor.submit_draft, name="submit"),
    path("<uuid:uuid>/pass-finding/", editor.pass_finding, name="pass-finding"),
    path("<uuid:uuid>/repair/", editor.repair_finding, name="repair"),
    path("review/<uuid:uuid>/", review.review_step, name="review"),
    path("review/<uuid:uuid>/pass/", review.pass_step, name="pass"),
    path("review/<uuid:uuid>/return/", review.return_step, name="return"),
]
