from django.urls import path

from gongkai.foundation.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("second-step/", views.second_step, name="second_step"),
    path("provider/", views.ask_provider, name="provider"),
    path("provider/answer/", views.hear_provider, name="provider_answer"),
    path("resume/", views.resume, name="resume"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password"),
    path("own/", views.own_account, name="own"),
    path("own/sessions/end/", views.end_session, name="end_session"),
    path("own/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("authenticator/", views.set_authenticator, name="authenticator"),
    path("recovery-codes/", views.renew_recovery_codes, name="recovery_codes"),
    path("authenticator/drop/", views.drop_second_factor, name="drop_authenticator"),
]
