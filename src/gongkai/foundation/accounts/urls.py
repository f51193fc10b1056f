from django.urls import path

from gongkai.foundation.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("second-step/", views.second_step, name="second_step"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password"),
    path("own/", views.own_account, name="own"),
    path("authenticator/", views.set_authenticator, name="authenticator"),
    path("recovery-codes/", views.renew_recovery_codes, name="recovery_codes"),
    path("authenticator/drop/", views.drop_second_factor, name="drop_authenticator"),
]
