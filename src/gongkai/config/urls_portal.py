"""Addresses of the portal (门户) that are not files."""

from django.urls import include, path

urlpatterns = [path("", include("gongkai.consumers.portal.urls"))]
