from django.urls import path

from gongkai.consumers.portal import views

app_name = "portal"
urlpatterns = [
    path("search/", views.search_page, name="search"),
    path("calculator/", views.calculator_page, name="calculator"),
]
