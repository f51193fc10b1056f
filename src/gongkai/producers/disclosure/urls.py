from django.urls import path

from gongkai.producers.disclosure.views import causes, columns, coverage, registers, uploads

app_name = "disclosure"
urlpatterns = [
    path("", causes.list_causes, name="list"),
    path("new/", causes.new_cause, name="new"),
    path("coverage/", coverage.show_coverage, name="coverage"),
    path("coverage/rest/", coverage.show_uncovered, name="uncovered"),
    path("registers/", registers.list_registers, name="registers"),
    path("registers/load/", registers.load_usual, name="load-registers"),
    path("registers/<slug:code>/", registers.show_source, name="register"),
    path("registers/<slug:code>/settings/", registers.edit_source, name="edit-register"),
    path("registers/<slug:code>/template.xlsx", registers.download_template, name="template"),
    path("uploads/<uuid:uuid>/", uploads.show_upload, name="upload"),
    path("uploads/<uuid:uuid>/columns/", columns.map_columns, name="columns"),
    path("uploads/<uuid:uuid>/lines/", uploads.edit_lines, name="edit-lines"),
    path("uploads/<uuid:uuid>/errors.xlsx", uploads.download_bad_lines, name="bad-lines"),
    path("uploads/<uuid:uuid>/import/", uploads.start_import, name="import"),
    path("uploads/<uuid:uuid>/undo/", uploads.start_undo, name="undo"),
    path("uploads/<uuid:uuid>/recheck/", uploads.recheck, name="recheck"),
    path("uploads/<uuid:uuid>/discard/", uploads.discard, name="discard"),
    path("<uuid:uuid>/", causes.show_cause, name="cause"),
    path("<uuid:uuid>/write/", causes.write, name="write"),
]
