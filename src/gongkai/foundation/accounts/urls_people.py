from django.urls import path

from gongkai.foundation.accounts.views import managing as views

app_name = "people"
urlpatterns = [
    path("", views.list_accounts, name="list"),
    path("open/", views.open_account, name="open"),
    path("roles/", views.list_roles, name="roles"),
    path("roles/<int:role_id>/take/", views.take_role, name="take_role"),
    path("addresses/<int:tally_id>/lift/", views.lift_address, name="lift_address"),
    path("<uuid:uuid>/", views.show_account, name="account"),
    path("<uuid:uuid>/renew-password/", views.renew_password, name="renew_password"),
    path("<uuid:uuid>/<slug:act>/", views.do_act, name="act"),
]
