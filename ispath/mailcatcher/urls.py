from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ispath.mailcatcher import views

app_name = "mailcatcher"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.letters, name="letters"),
    path("<str:key>/", views.letter, name="letter"),
    path("<str:key>/html/", views.html, name="html"),
    path("<str:key>/raw/", views.raw, name="raw"),
    path("<str:key>/attachments/<int:number>/", views.attachment, name="attachment"),
]
