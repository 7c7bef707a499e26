from __future__ import annotations

from django.urls import path

from ispath.acknowledge import views

app_name = "acknowledge"
urlpatterns = [
    path("<str:token>/", views.LetterPage.as_view(), name="letter"),
    path("<str:token>/back/", views.BackPage.as_view(), name="back"),
    path("<str:token>/code/", views.CodePage.as_view(), name="code"),
    path("<str:token>/reading/", views.ReadingPage.as_view(), name="reading"),
    path("<str:token>/stop/", views.StopPage.as_view(), name="stop"),
]
