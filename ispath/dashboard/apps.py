"""The Django apps of the dashboard: our pages, and the admin site they live on."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class DashboardConfig(AppConfig):
    """Pages, templates and styles. Stands before unfold in INSTALLED_APPS, so that its templates win."""

    name = "ispath.dashboard"
    label = "dashboard"
    verbose_name = "Dashboard"
    default = True


class WardAdminConfig(admin_apps.AdminConfig):
    """The admin with our site in place of the default one."""

    default_site = "ispath.dashboard.site.WardSite"
    default = False
