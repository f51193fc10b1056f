from django.urls import path

from gongkai.core.publishing.views import comparing, editor, leases, lists, outlets, pictures, review, urgent, withdrawal

app_name = "publishing"
urlpatterns = [
    path("", lists.list_drafts, name="list"),
    path("queue/", lists.list_queue, name="queue"),
    path("published/", lists.list_published, name="published"),
    path("withdrawn/", withdrawal.list_withdrawals, name="withdrawals"),
    path("withdrawn/<uuid:uuid>/", withdrawal.show_withdrawal, name="withdrawal"),
    path("withdrawn/<uuid:uuid>/explain/", withdrawal.explain, name="explain"),
    path("withdrawn/<uuid:uuid>/restore/", withdrawal.restore, name="restore"),
    path("<uuid:uuid>/outlets/", outlets.show_outlets, name="outlets"),
    path("<uuid:uuid>/package/", outlets.download_package, name="package"),
    path("postings/<uuid:uuid>/", outlets.open_posting, name="posting"),
    path("postings/<uuid:uuid>/check/", outlets.check, name="check"),
    path("postings/<uuid:uuid>/confirm/", outlets.confirm, name="confirm"),
    path("postings/<uuid:uuid>/down/", outlets.note_down, name="note-down"),
    path("<uuid:uuid>/withdraw/", withdrawal.withdraw, name="withdraw"),
    path("<uuid:uuid>/take-down/", withdrawal.take_down, name="take-down"),
    path("<uuid:uuid>/", editor.edit_draft, name="draft"),
    path("<uuid:uuid>/submit/", editor.submit_draft, name="submit"),
    path("<uuid:uuid>/pass-finding/", editor.pass_finding, name="pass-finding"),
    path("<uuid:uuid>/repair/", editor.repair_finding, name="repair"),
    path("<uuid:uuid>/compare/", comparing.compare_editions, name="compare"),
    path("<uuid:uuid>/picture/", pictures.add_picture, name="picture"),
    path("<uuid:uuid>/hold/", leases.hold, name="hold"),
    path("<uuid:uuid>/leave/", leases.leave, name="leave"),
    path("<uuid:uuid>/take-over/", leases.take_over, name="take-over"),
    path("<uuid:uuid>/urgent/", urgent.release_urgently, name="urgent"),
    path("review/<uuid:uuid>/", review.review_step, name="review"),
    path("review/<uuid:uuid>/pass/", review.pass_step, name="pass"),
    path("review/<uuid:uuid>/return/", review.return_step, name="return"),
]
