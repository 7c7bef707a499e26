"""The rows behind the pages: to look at, never to change. What changes them is a page and a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from clinic.access import children_visible_to, clinics_of
from clinic.actors import actor_for_user

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

MOST_COLUMNS = 7
# What every row has, and no number of the database: shown on the row itself, not in the list.
HOUSEKEEPING = frozenset(
    {"id", "txid", "claim", "version", "created_at", "created_by", "changed_at", "changed_by"}
)
_LONG = {"JSONField", "TextField", "UUIDField"}


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


class RowsAdmin(ModelAdmin):
    """A read-only list of one table, of the children and clinics this person may see."""

    list_per_page = 50
    show_full_result_count = False
    list_disable_select_all = True
    actions = None
    list_fullwidth = True

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Show the row's name and its first short columns."""
        short = [
            field.name
            for field in self.model._meta.concrete_fields
            if field.get_internal_type() not in _LONG and field.name not in HOUSEKEEPING
        ]
        return ("row", *short[:MOST_COLUMNS])

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> None:
        """Keep internal numbers out of addresses: the row's own link bears its outward id."""

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        """Join what the columns name."""
        shown = self.get_list_display(request)
        fields = self.model._meta.concrete_fields
        return tuple(field.name for field in fields if field.is_relation and field.name in shown)

    def row(self, row: Model) -> SafeString:
        """Link to the row by its outward id."""
        key = getattr(row, "uid", None) or row.pk
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[key]), str(key)[:8])

    row.short_description = "row"  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows this person may see; a table without child or clinic belongs to everybody."""
        rows: QuerySet[Any] = super().get_queryset(request).order_by("-pk")
        actor = actor_for_user(cast("User", request.user))
        clinics, children = clinics_of(actor), children_visible_to(actor)
        match self.model._meta.label:
            case "clinic.Patient":
                return rows.filter(pk__in=children)
            case "clinic.Clinic":
                return rows.filter(pk__in=clinics)
        if _has(self.model, "patient"):
            mine = Q(patient__in=children)
            return rows.filter(
                mine | Q(patient=None, clinic__in=clinics) if _has(self.model, "clinic") else mine
            )
        for way in ("clinic", "enrolment__clinic", "referral__enrolment__clinic"):
            if _has(self.model, way.split("__", maxsplit=1)[0]):
                return rows.filter(**{f"{way}__in": clinics})
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find a row by its outward id."""
        rows = self.get_queryset(request)
        try:
            return (
                rows.filter(uid=object_id).first()
                if _has(self.model, "uid")
                else rows.filter(pk=object_id).first()
            )
        except (ValidationError, ValueError, TypeError):  # no id of such a row, whatever it is
            return None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Staff see the list of tables."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff look; access says at which rows."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False
