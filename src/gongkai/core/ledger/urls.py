from django.urls import path

from gongkai.core.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("calendar/", views.show_calendar, name="calendar"),
    path("catalogue/", views.show_entries, name="by_entry"),
    path("missing/", views.show_missing, name="missing"),
    path("export.csv", views.export_csv, name="export_csv"),
    path("export.xlsx", views.export_sheet, name="export_sheet"),
    path("views/", views.show_views, name="views"),
    path("views/save/", views.save_view, name="save_view"),
    path("views/<uuid:uuid>/rename/", views.rename_view, name="rename_view"),
    path("views/<uuid:uuid>/remove/", views.remove_view, name="remove_view"),
    path("reassign/", views.reassign, name="reassign"),
    path("freshness/", views.show_freshness, name="freshness"),
    path("terms/", views.show_terms, name="terms"),
    path("terms/<str:entry>/", views.show_duty_terms, name="terms_duty"),
    path("terms/<str:entry>/add/", views.add_terms, name="terms_add"),
    path("terms/<str:entry>/local/", views.set_local_terms, name="terms_local"),
    path("terms/<str:entry>/local/<uuid:local>/withdraw/", views.withdraw_local_terms, name="terms_local_withdraw"),
    path("terms/<str:entry>/<int:terms>/confirm/", views.confirm_terms, name="terms_confirm"),
    path("terms/<str:entry>/<int:terms>/withdraw/", views.withdraw_terms, name="terms_withdraw"),
    path("<uuid:uuid>/", views.show_detail, name="detail"),
    path("why/", views.show_preview, name="why"),
    path("<uuid:uuid>/receipt/", views.show_receipt, name="receipt"),
    path("<uuid:uuid>/move/<str:act>/", views.move, name="move"),
    path("<uuid:uuid>/proposals/<uuid:proposal>/", views.decide_extension, name="proposal"),
    path("<uuid:uuid>/movements/<uuid:movement>/void/", views.void, name="void_movement"),
]
