from django.urls import path

from gongkai.core.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("<uuid:uuid>/", views.show_detail, name="detail"),
    path("<uuid:uuid>/receipt/", views.show_receipt, name="receipt"),
]
