"""The clinic's rows from the start: children, facts, courses, plans, and the triggers that guard them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import clinic.models.places
import clinic.models.timeline


def install_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """All of them at the end: one by one they would render every model a hundred times over."""
    for model in apps.get_app_config("clinic").get_models():
        for trigger in getattr(model._meta, "triggers", ()):
            schema_editor.execute(trigger.install_sql, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("protocols", "0001_editions_as_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="SweepHeartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("looked_at", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Actor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("user", "person with a log-in"),
                            ("contact", "contact with a link"),
                            ("api_client", "API client"),
                            ("sweep", "the sweep"),
                            ("seed", "the seed"),
                            ("operator", "the operator at a shell"),
                        ],
                        max_length=12,
                    ),
                ),
                ("client_key", models.CharField(blank=True, max_length=120, null=True, unique=True)),
                ("name", models.CharField(max_length=150)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ("sweep", "seed", "operator"))),
                        fields=("kind",),
                        name="one_actor_for_each_part_of_the_machine",
                        violation_error_message="There is one such actor already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("key", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("zone", models.CharField(max_length=64, validators=[clinic.models.places.real_zone])),
                ("language", models.CharField(default="en", max_length=12)),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=clinic.models.places.monday_to_friday,
                        size=None,
                    ),
                ),
                (
                    "mrn_system",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="authority of its record numbers"
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("emergency_phone", models.CharField(blank=True, max_length=40)),
                ("video_instructions", models.TextField(blank=True)),
                (
                    "start_horizon_days",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="How far ahead a course may be planned (clinic policy)."
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "clinic",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("working_days__len__gt", 0)),
                        name="clinic_works_on_some_day",
                        violation_error_message="Choose at least one working day.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_clinicevent" ("emergency_phone", "id", "is_synthetic", "key", "language", "mrn_system", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "start_horizon_days", "uid", "video_instructions", "working_days", "zone") VALUES (NEW."emergency_phone", NEW."id", NEW."is_synthetic", NEW."key", NEW."language", NEW."mrn_system", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."start_horizon_days", NEW."uid", NEW."video_instructions", NEW."working_days", NEW."zone"); RETURN NULL;',
                            hash="32c895e855e7b514d4f38d4a1b30830eee71cd7f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_89e20",
                            table="clinic_clinic",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_clinicevent" ("emergency_phone", "id", "is_synthetic", "key", "language", "mrn_system", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "start_horizon_days", "uid", "video_instructions", "working_days", "zone") VALUES (NEW."emergency_phone", NEW."id", NEW."is_synthetic", NEW."key", NEW."language", NEW."mrn_system", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."start_horizon_days", NEW."uid", NEW."video_instructions", NEW."working_days", NEW."zone"); RETURN NULL;',
                            hash="8072bd004058bc5f796854274c35797979916e29",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_20361",
                            table="clinic_clinic",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClinicEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("key", models.SlugField(db_index=False)),
                ("name", models.CharField(max_length=120)),
                ("zone", models.CharField(max_length=64, validators=[clinic.models.places.real_zone])),
                ("language", models.CharField(default="en", max_length=12)),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=clinic.models.places.monday_to_friday,
                        size=None,
                    ),
                ),
                (
                    "mrn_system",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="authority of its record numbers"
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("emergency_phone", models.CharField(blank=True, max_length=40)),
                ("video_instructions", models.TextField(blank=True)),
                (
                    "start_horizon_days",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="How far ahead a course may be planned (clinic policy)."
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.clinic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e95756292361c8b8898d01ff547da61543329260",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6f503",
                            table="clinic_clinicevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("name", models.CharField(max_length=120)),
                ("practice", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "address_state",
                    models.CharField(
                        choices=[
                            ("ok", "in use"),
                            ("bounced", "bounced for good"),
                            ("complained", "complained"),
                            ("opted_out", "opted out"),
                        ],
                        default="ok",
                        max_length=12,
                    ),
                ),
                ("address_state_at", models.DateTimeField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "zone",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the clinic's zone.",
                        max_length=64,
                        validators=[clinic.models.places.real_zone],
                    ),
                ),
                ("language", models.CharField(default="en", max_length=12)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "alternate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stands_in_for",
                        to="clinic.contact",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["email"], name="contact_by_email")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_address_confirmation_names_who_confirmed",
                        violation_error_message="Say who confirmed the address, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="contact_confirms_an_address_that_is_there",
                        violation_error_message="There is no address to confirm.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("alternate", None),
                            models.Q(("alternate", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="contact_is_not_its_own_alternate",
                        violation_error_message="Choose somebody else as the alternate.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="7f90f9384751b20816b6a6ac9b3b5bfb83d9bb68",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_2d7b2",
                            table="clinic_contact",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_contactevent" ("address_state", "address_state_at", "alternate_id", "changed_at", "changed_by_id", "clinic_id", "confirmed_at", "confirmed_by_id", "created_at", "created_by_id", "email", "id", "is_synthetic", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "practice", "uid", "version", "zone") VALUES (NEW."address_state", NEW."address_state_at", NEW."alternate_id", NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."created_at", NEW."created_by_id", NEW."email", NEW."id", NEW."is_synthetic", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."practice", NEW."uid", NEW."version", NEW."zone"); RETURN NULL;',
                            hash="3f95b769a053329f1730406ac2b6258d989f5a13",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_43a06",
                            table="clinic_contact",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_contactevent" ("address_state", "address_state_at", "alternate_id", "changed_at", "changed_by_id", "clinic_id", "confirmed_at", "confirmed_by_id", "created_at", "created_by_id", "email", "id", "is_synthetic", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "practice", "uid", "version", "zone") VALUES (NEW."address_state", NEW."address_state_at", NEW."alternate_id", NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."created_at", NEW."created_by_id", NEW."email", NEW."id", NEW."is_synthetic", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."practice", NEW."uid", NEW."version", NEW."zone"); RETURN NULL;',
                            hash="d049a5897e1955cc6e97c7b77933dabcd2978483",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_37fdd",
                            table="clinic_contact",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverShift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cover_shifts",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="cover_shift_ends_after_it_starts",
                        violation_error_message="The shift must end after it starts.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="99331b652507661455d5f1424d4dfeb6acbc4f7e",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_0fd22",
                            table="clinic_covershift",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_covershiftevent" ("changed_at", "changed_by_id", "clinic_id", "created_at", "created_by_id", "email", "ends_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "starts_at", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."created_at", NEW."created_by_id", NEW."email", NEW."ends_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."starts_at", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="59e60d8bee2d7ce896770a33c2ab9a291e4abbc6",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5401f",
                            table="clinic_covershift",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_covershiftevent" ("changed_at", "changed_by_id", "clinic_id", "created_at", "created_by_id", "email", "ends_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "starts_at", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."created_at", NEW."created_by_id", NEW."email", NEW."ends_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."starts_at", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="6e2ec913f142c1a730002dfd15adf3ce1ab071c7",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cfd6f",
                            table="clinic_covershift",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("on", models.DateField()),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="clinic.clinic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "on"),
                        name="holiday_listed_once_per_clinic",
                        violation_error_message="This day is already a holiday of the clinic.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("nurse", "nurse"),
                            ("neurologist", "neurologist"),
                            ("clinic lead", "clinic lead"),
                            ("pathway lead", "pathway lead"),
                            ("operator", "operator"),
                            ("interface", "EHR interface"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("actor", "clinic", "role"),
                        name="membership_held_once_per_role",
                        violation_error_message="This person already has this role at this clinic.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="membership_end_names_who_ended_it",
                        violation_error_message="Say who ended the membership, and when.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="fa95a541fc9f30f9a502215d42a4c15172d4319a",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_2513b",
                            table="clinic_membership",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_membershipevent" ("actor_id", "changed_at", "changed_by_id", "clinic_id", "created_at", "created_by_id", "ended_at", "ended_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "uid", "version") VALUES (NEW."actor_id", NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."created_at", NEW."created_by_id", NEW."ended_at", NEW."ended_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="9dd9d87de938e2c71beb5f29c74a8c3a9ce7e14b",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_847aa",
                            table="clinic_membership",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_membershipevent" ("actor_id", "changed_at", "changed_by_id", "clinic_id", "created_at", "created_by_id", "ended_at", "ended_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "uid", "version") VALUES (NEW."actor_id", NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."created_at", NEW."created_by_id", NEW."ended_at", NEW."ended_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="3257174a7ae20b504f6a9b0b0971a993a7e19dd3",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d0685",
                            table="clinic_membership",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathwayAdoption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "pathway_edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.pathwayedition",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("clinic",),
                        name="clinic_gives_one_pathway_edition_at_a_time",
                        violation_error_message="End the edition in use before another one is adopted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="adoption_ends_after_it_begins",
                        violation_error_message="The edition cannot end before it begins.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="cbf9ded1c8f9483c6dd4c0b816ff4a5c5337f178",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_34845",
                            table="clinic_pathwayadoption",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("family_name", models.CharField(max_length=120)),
                ("given_names", models.CharField(max_length=120)),
                ("birth_date", models.DateField()),
                (
                    "sex",
                    models.CharField(
                        choices=[("f", "female"), ("m", "male"), ("u", "not known")], max_length=1
                    ),
                ),
                ("gestation_weeks", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("gestation_days", models.PositiveSmallIntegerField(default=0)),
                ("language", models.CharField(default="en", max_length=12)),
                ("needs_interpreter", models.BooleanField(default=False)),
                (
                    "household",
                    models.CharField(
                        blank=True,
                        help_text="Same words for siblings and twins, so that they are told apart on purpose.",
                        max_length=80,
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["family_name", "given_names"], name="patient_by_name"),
                    models.Index(fields=["birth_date"], name="patient_by_birth_date"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gestation_weeks", None), ("gestation_weeks__range", (20, 45)), _connector="OR"
                        ),
                        name="patient_gestation_is_plausible",
                        violation_error_message="Gestation is given in whole weeks, from 20 to 45.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gestation_days__lte", 6)),
                        name="patient_gestation_days_are_less_than_a_week",
                        violation_error_message="Days of gestation go from 0 to 6.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by", None),
                            models.Q(("replaced_by", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="patient_does_not_replace_itself",
                        violation_error_message="A child cannot be merged into itself.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="0b02234138f94b6bbf55f656592dace3a3fd83e9",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_9c97f",
                            table="clinic_patient",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_patientevent" ("birth_date", "changed_at", "changed_by_id", "created_at", "created_by_id", "family_name", "gestation_days", "gestation_weeks", "given_names", "household", "id", "is_synthetic", "language", "needs_interpreter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "sex", "uid", "version") VALUES (NEW."birth_date", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."family_name", NEW."gestation_days", NEW."gestation_weeks", NEW."given_names", NEW."household", NEW."id", NEW."is_synthetic", NEW."language", NEW."needs_interpreter", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replaced_by_id", NEW."sex", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="e2317a6024ef5707c64ac66a5dd29d984e8f8956",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_91ad5",
                            table="clinic_patient",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_patientevent" ("birth_date", "changed_at", "changed_by_id", "created_at", "created_by_id", "family_name", "gestation_days", "gestation_weeks", "given_names", "household", "id", "is_synthetic", "language", "needs_interpreter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "sex", "uid", "version") VALUES (NEW."birth_date", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."family_name", NEW."gestation_days", NEW."gestation_weeks", NEW."given_names", NEW."household", NEW."id", NEW."is_synthetic", NEW."language", NEW."needs_interpreter", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaced_by_id", NEW."sex", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="da7cce50b799d5386e19f819c2b71cb84603c96f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_87142",
                            table="clinic_patient",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("onset_on", models.DateField(blank=True, null=True)),
                ("diagnosed_on", models.DateField(blank=True, null=True)),
                (
                    "etiology",
                    models.CharField(
                        choices=[
                            ("unknown", "not known"),
                            ("tsc", "tuberous sclerosis"),
                            ("hie", "hypoxic-ischaemic injury"),
                            ("stroke", "stroke or bleeding"),
                            ("malformation", "brain malformation"),
                            ("genetic", "genetic, other"),
                            ("trisomy_21", "trisomy 21"),
                            ("metabolic", "metabolic"),
                            ("infection", "infection"),
                            ("other", "other"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                ("etiology_text", models.CharField(blank=True, max_length=200)),
                (
                    "lesion",
                    models.CharField(
                        choices=[
                            ("not-imaged", "not imaged"),
                            ("pending", "result pending"),
                            ("none", "none on epilepsy MRI"),
                            ("present", "focal or hemispheric lesion"),
                        ],
                        default="not-imaged",
                        max_length=12,
                    ),
                ),
                (
                    "metabolic_or_degenerative",
                    models.CharField(
                        choices=[
                            ("not_assessed", "not assessed"),
                            ("suspected", "suspected"),
                            ("confirmed", "confirmed"),
                            ("excluded", "excluded"),
                        ],
                        default="not_assessed",
                        max_length=12,
                    ),
                ),
                ("hypsarrhythmia_at_baseline", models.BooleanField(blank=True, null=True)),
                ("developmental_arrest", models.BooleanField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="condition",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("onset_on", None),
                            ("diagnosed_on", None),
                            ("onset_on__lte", models.F("diagnosed_on")),
                            _connector="OR",
                        ),
                        name="condition_is_diagnosed_after_its_onset",
                        violation_error_message="The diagnosis cannot be earlier than the first spasm.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="4ad434f616199eaa10c95f4fb4e6acd717638a11",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_db43b",
                            table="clinic_condition",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_conditionevent" ("changed_at", "changed_by_id", "created_at", "created_by_id", "developmental_arrest", "diagnosed_on", "etiology", "etiology_text", "hypsarrhythmia_at_baseline", "id", "lesion", "metabolic_or_degenerative", "onset_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."developmental_arrest", NEW."diagnosed_on", NEW."etiology", NEW."etiology_text", NEW."hypsarrhythmia_at_baseline", NEW."id", NEW."lesion", NEW."metabolic_or_degenerative", NEW."onset_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="b841f1909fe17b5203ba7f19ba3e588a1b2a2f7e",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c2807",
                            table="clinic_condition",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_conditionevent" ("changed_at", "changed_by_id", "created_at", "created_by_id", "developmental_arrest", "diagnosed_on", "etiology", "etiology_text", "hypsarrhythmia_at_baseline", "id", "lesion", "metabolic_or_degenerative", "onset_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."developmental_arrest", NEW."diagnosed_on", NEW."etiology", NEW."etiology_text", NEW."hypsarrhythmia_at_baseline", NEW."id", NEW."lesion", NEW."metabolic_or_degenerative", NEW."onset_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="032784bf29d375c57352ef17f821838738e1e372",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_39f78",
                            table="clinic_condition",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("name", models.CharField(max_length=120)),
                ("practice", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "address_state",
                    models.CharField(
                        choices=[
                            ("ok", "in use"),
                            ("bounced", "bounced for good"),
                            ("complained", "complained"),
                            ("opted_out", "opted out"),
                        ],
                        default="ok",
                        max_length=12,
                    ),
                ),
                ("address_state_at", models.DateTimeField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "zone",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the clinic's zone.",
                        max_length=64,
                        validators=[clinic.models.places.real_zone],
                    ),
                ),
                ("language", models.CharField(default="en", max_length=12)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "alternate",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.contact",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.contact",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="43aa6d512a46a5be72b602db5ae20bb2e8b36d66",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8d629",
                            table="clinic_contactevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverShiftEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.covershift",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4f39d911f0271d55bce7eca5eaf99a4fbbda0c4f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_61323",
                            table="clinic_covershiftevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("onset_on", models.DateField(blank=True, null=True)),
                ("etiology", models.CharField(blank=True, max_length=20)),
                ("hypsarrhythmia_at_baseline", models.BooleanField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.diagnosis",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "diagnosis",
                "verbose_name_plural": "diagnoses",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="diagnosis_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="diagnosis_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="diagnosis_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="diagnosis_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="diagnosis_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="diagnosis_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="42466c8ac70e9fd454f3c1e645c586a12996189e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8755e",
                            table="clinic_diagnosis",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Eeg",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "report",
                    models.CharField(
                        choices=[("pending", "recorded, report pending"), ("final", "reported")],
                        default="final",
                        max_length=8,
                    ),
                ),
                ("hypsarrhythmia", models.BooleanField(blank=True, null=True)),
                ("spasms_recorded", models.BooleanField(blank=True, null=True)),
                ("sleep", models.BooleanField(blank=True, null=True)),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "based",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="BASED score"),
                ),
                ("accession", models.CharField(blank=True, max_length=80)),
                ("lateralised", models.CharField(blank=True, max_length=80, verbose_name="side or focus")),
                (
                    "improved",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="better than the baseline, says a person"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.eeg",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "EEG",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="eeg_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="eeg_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="eeg_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="eeg_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="eeg_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="eeg_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("based", None), ("based__lte", 5), _connector="OR"),
                        name="eeg_based_score_goes_from_0_to_5",
                        violation_error_message="A BASED score goes from 0 to 5.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="6e235845ba761cf0604d8fdd03f1d339babcdf52",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4400c",
                            table="clinic_eeg",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("transferred", "transferred"),
                            ("withdrawn", "withdrawn"),
                            ("lost", "contact lost"),
                            ("deceased", "deceased"),
                            ("completed", "completed"),
                        ],
                        default="active",
                        max_length=12,
                    ),
                ),
                ("enrolled_on", models.DateField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("sending_paused_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_to", models.CharField(blank=True, max_length=200)),
                ("next_review_on", models.DateField(blank=True, null=True)),
                ("plan_reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("plan_digest", models.CharField(blank=True, max_length=64)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pathway_edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.pathwayedition",
                    ),
                ),
                (
                    "sending_paused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "permissions": (
                    ("enrol", "Can enrol, transfer and withdraw a child"),
                    ("merge", "Can merge two records of one child"),
                    ("confirm_death", "Can confirm or reverse a reported death"),
                ),
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_review_on__isnull", False)),
                        fields=["next_review_on"],
                        name="enrolment_by_next_review",
                    ),
                    models.Index(fields=["clinic", "state"], name="enrolment_by_clinic"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("active", "lost"))),
                        fields=("patient",),
                        name="child_has_one_open_enrolment",
                        violation_error_message="This child is followed already. Transfer it instead.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("ended_by", None), ("state__in", ("active", "lost"))
                            ),
                            models.Q(
                                models.Q(("state__in", ("active", "lost")), _negated=True),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="enrolment_that_ended_says_when_and_by_whom",
                        violation_error_message="Say when the enrolment ended, and who ended it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sending_paused_at", None), ("sending_paused_by", None)),
                            models.Q(
                                ("sending_paused_at__isnull", False), ("sending_paused_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="enrolment_pause_says_when_and_by_whom",
                        violation_error_message="Say when letters were paused, and who paused them.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) - 'next_review_on' - 'plan_reviewed_at' - 'plan_digest' IS DISTINCT FROM to_jsonb(OLD) - 'next_review_on' - 'plan_reviewed_at' - 'plan_digest' THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="472e98ba1a2c9af3f8c7892e0a46d52d7b99dec0",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_a265a",
                            table="clinic_enrolment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_enrolmentevent" ("changed_at", "changed_by_id", "clinic_id", "created_at", "created_by_id", "ended_at", "ended_by_id", "enrolled_on", "handed_over_to", "id", "next_review_on", "pathway_edition_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_digest", "plan_reviewed_at", "sending_paused_at", "sending_paused_by_id", "state", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."created_at", NEW."created_by_id", NEW."ended_at", NEW."ended_by_id", NEW."enrolled_on", NEW."handed_over_to", NEW."id", NEW."next_review_on", NEW."pathway_edition_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_digest", NEW."plan_reviewed_at", NEW."sending_paused_at", NEW."sending_paused_by_id", NEW."state", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="31cc39c22aa677a2df6edda4e47f15665475abf3",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_85537",
                            table="clinic_enrolment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."pathway_edition_id" IS DISTINCT FROM (NEW."pathway_edition_id") OR OLD."sending_paused_at" IS DISTINCT FROM (NEW."sending_paused_at") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                            func='INSERT INTO "clinic_enrolmentevent" ("changed_at", "changed_by_id", "clinic_id", "created_at", "created_by_id", "ended_at", "ended_by_id", "enrolled_on", "handed_over_to", "id", "next_review_on", "pathway_edition_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_digest", "plan_reviewed_at", "sending_paused_at", "sending_paused_by_id", "state", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."created_at", NEW."created_by_id", NEW."ended_at", NEW."ended_by_id", NEW."enrolled_on", NEW."handed_over_to", NEW."id", NEW."next_review_on", NEW."pathway_edition_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_digest", NEW."plan_reviewed_at", NEW."sending_paused_at", NEW."sending_paused_by_id", NEW."state", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="018ce201f95b8055ca3581e5e225797963d41f54",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2c121",
                            table="clinic_enrolment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("agent", models.CharField(max_length=40)),
                ("kind", models.CharField(blank=True, max_length=40)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.exposure",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "exposure",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="exposure_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="exposure_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="exposure_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="exposure_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="exposure_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="exposure_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="e373971af78884e4a32f5e846ac2de231a1ab2ad",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_26813",
                            table="clinic_exposure",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FamilyTold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[
                            ("verdict", "verdict"),
                            ("referral", "referral"),
                            ("escalation", "escalation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_uid", models.UUIDField(db_index=True)),
                ("told_by", models.CharField(max_length=120)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.familytold",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "family told",
                "verbose_name_plural": "families told",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="familytold_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="familytold_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="familytold_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="familytold_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="familytold_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="familytold_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="8a38488cedd5cce4a8e101840dc5bd0bdabb6bef",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e40ae",
                            table="clinic_familytold",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "lesion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not-imaged", "not imaged"),
                            ("pending", "result pending"),
                            ("none", "none on epilepsy MRI"),
                            ("present", "focal or hemispheric lesion"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "metabolic_or_degenerative",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_assessed", "not assessed"),
                            ("suspected", "suspected"),
                            ("confirmed", "confirmed"),
                            ("excluded", "excluded"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.finding",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="finding_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="finding_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="finding_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="finding_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="finding_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="finding_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lesion", ""), ("metabolic_or_degenerative", ""), _negated=True),
                        name="finding_says_something_about_lesion_or_metabolism",
                        violation_error_message="Say what was found: a lesion, or a metabolic disease.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="b79cc99374b988d55ed7834652ca57d454999a4d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2197f",
                            table="clinic_finding",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Investigation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mri", "MRI, epilepsy protocol"),
                            ("pet", "FDG-PET"),
                            ("genetics", "genetics"),
                            ("metabolic", "metabolic screen"),
                            ("development", "developmental score"),
                            ("echo", "echocardiogram"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ordered", "ordered"),
                            ("pending", "result pending"),
                            ("done", "done"),
                            ("not_wanted", "not wanted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("result", models.TextField(blank=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.investigation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "investigation",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="investigation_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="investigation_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="investigation_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="investigation_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="investigation_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="investigation_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="23a40ff36b3119f45607c0a3a981f68baca4567f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_77fa3",
                            table="clinic_investigation",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("weight", "weight"),
                            ("length", "length"),
                            ("head_circumference", "head circumference"),
                            ("glucose", "glucose"),
                            ("urine_glucose", "urine glucose"),
                            ("potassium", "potassium"),
                            ("sodium", "sodium"),
                            ("creatinine", "creatinine"),
                            ("cortisol", "cortisol"),
                            ("stool_blood", "blood in stool"),
                            ("blood_count", "blood count"),
                            ("other", "other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                ("unit", models.CharField(blank=True, max_length=16)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        help_text="Where the answer is a word: positive, negative, 2+.",
                        max_length=40,
                    ),
                ),
                ("as_typed", models.CharField(blank=True, max_length=60)),
                ("method", models.CharField(blank=True, max_length=60)),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said"),
                            ("clinic", "clinic scale or laboratory"),
                            ("practice", "pediatrician's practice"),
                            ("home", "at home"),
                            ("reported", "told by the family"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.measurement",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "measurement",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["patient", "happened_on"], name="measurement_by_child"),
                    models.Index(fields=["patient", "kind", "happened_on"], name="measurement_by_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="measurement_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="measurement_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="measurement_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="measurement_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="measurement_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", False), models.Q(("result", ""), _negated=True), _connector="OR"
                        ),
                        name="measurement_says_a_value_or_a_result",
                        violation_error_message="Give the value or the result.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("weight", "length")), _negated=True),
                            ("value__gt", 0),
                            _connector="OR",
                        ),
                        name="measurement_of_size_is_above_zero",
                        violation_error_message="A weight or length must be above zero.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="e7ded7ee79e7a953eec6ef97c69b62b14bccedf3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_82b08",
                            table="clinic_measurement",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("nurse", "nurse"),
                            ("neurologist", "neurologist"),
                            ("clinic lead", "clinic lead"),
                            ("pathway lead", "pathway lead"),
                            ("operator", "operator"),
                            ("interface", "EHR interface"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="282aa109f2c954233ef228a98b77dc0407d63b29",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1b76a",
                            table="clinic_membershipevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("family_name", models.CharField(max_length=120)),
                ("given_names", models.CharField(max_length=120)),
                ("birth_date", models.DateField()),
                (
                    "sex",
                    models.CharField(
                        choices=[("f", "female"), ("m", "male"), ("u", "not known")], max_length=1
                    ),
                ),
                ("gestation_weeks", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("gestation_days", models.PositiveSmallIntegerField(default=0)),
                ("language", models.CharField(default="en", max_length=12)),
                ("needs_interpreter", models.BooleanField(default=False)),
                (
                    "household",
                    models.CharField(
                        blank=True,
                        help_text="Same words for siblings and twins, so that they are told apart on purpose.",
                        max_length=80,
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.patient",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="915806947a4d2cf26be6951b9d882a2b2d835f9f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_97883",
                            table="clinic_patientevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientIdentifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("system", models.CharField(max_length=200, verbose_name="authority")),
                ("value", models.CharField(max_length=80, verbose_name="number")),
                (
                    "assigner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifiers",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "value"),
                        name="record_number_belongs_to_one_child_per_authority",
                        violation_error_message="Another child already has this record number at this authority.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="49a0431d61bbb9b7fe358f4cc060763b9dccbb11",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_1ed65",
                            table="clinic_patientidentifier",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_patientidentifierevent" ("assigner_id", "changed_at", "changed_by_id", "created_at", "created_by_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system", "uid", "value", "version") VALUES (NEW."assigner_id", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."system", NEW."uid", NEW."value", NEW."version"); RETURN NULL;',
                            hash="448ca0ea0d2f5c24cf2d6da5894113cc6e57cb06",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_57330",
                            table="clinic_patientidentifier",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_patientidentifierevent" ("assigner_id", "changed_at", "changed_by_id", "created_at", "created_by_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system", "uid", "value", "version") VALUES (NEW."assigner_id", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."system", NEW."uid", NEW."value", NEW."version"); RETURN NULL;',
                            hash="5312ec00b657b4e4de460ecc5d4ab851ca5efe15",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_447dd",
                            table="clinic_patientidentifier",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("reason", models.CharField(max_length=300)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "replaced",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merge", to="clinic.patient"
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("survivor", models.F("replaced")), _negated=True),
                        name="merge_joins_two_rows",
                        violation_error_message="A child cannot be merged into itself.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="125aa29fbfbb84d55e97331a3ae75a018a9881d3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0b6cb",
                            table="clinic_patientmerge",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PriorTreatment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("drug_text", models.CharField(blank=True, max_length=120)),
                ("last_dose_on", models.DateField(blank=True, null=True)),
                ("dose_text", models.CharField(blank=True, max_length=120)),
                ("adequate", models.BooleanField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("responded", "responded"),
                            ("failed", "did not respond"),
                            ("not_tolerated", "not tolerated"),
                            ("unknown", "not known"),
                        ],
                        default="unknown",
                        max_length=16,
                    ),
                ),
                ("given_at", models.CharField(blank=True, max_length=120, verbose_name="where")),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.priortreatment",
                    ),
                ),
                (
                    "drug",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.drug",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier treatment",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="priortreatment_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="priortreatment_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="priortreatment_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="priortreatment_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="priortreatment_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="priortreatment_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drug__isnull", False),
                            models.Q(("drug_text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="prior_treatment_names_the_drug",
                        violation_error_message="Name the drug.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_dose_on", None),
                            ("last_dose_on__gte", models.F("happened_on")),
                            _connector="OR",
                        ),
                        name="prior_treatment_ends_after_it_starts",
                        violation_error_message="The last dose cannot be before the first.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="3ab18fed8887d9e12c49ed78b57ae220b0bd8317",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_aa1e2",
                            table="clinic_priortreatment",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpasmReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "reported"),
                            ("awaited", "video awaited"),
                            ("confirmed", "confirmed"),
                            ("not-a-spasm", "not a spasm"),
                            ("unclear", "unclear"),
                            ("none-seen", "asked, none seen"),
                        ],
                        max_length=16,
                    ),
                ),
                ("clusters", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("spasms_per_cluster", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "waking",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said"),
                            ("waking", "on waking"),
                            ("awake", "awake"),
                            ("asleep", "asleep"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said"),
                            ("both", "both sides alike"),
                            ("left", "more on the left"),
                            ("right", "more on the right"),
                        ],
                        max_length=8,
                    ),
                ),
                ("video", models.BooleanField(default=False)),
                ("told_by", models.CharField(blank=True, max_length=120)),
                (
                    "none_since_on",
                    models.DateField(blank=True, null=True, verbose_name="no spasms seen since"),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.spasmreport",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "spasm report",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="spasmreport_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="spasmreport_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="spasmreport_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="spasmreport_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="spasmreport_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="spasmreport_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="2d4053b808aac9e74c7152347ff2df18f4042315",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_150f1",
                            table="clinic_spasmreport",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Symptom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("temperature_c", models.DecimalField(blank=True, decimal_places=1, max_digits=3, null=True)),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("vomiting", "vomiting"),
                                ("lethargy", "sleepy, hard to wake"),
                                ("poor-feeding", "feeds poorly"),
                                ("weight-loss", "loses weight"),
                                ("hypotension", "low blood pressure"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("vigabatrin_mri_suspected", models.BooleanField(default=False)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.symptom",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "symptom",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="symptom_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="symptom_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="symptom_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="symptom_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="symptom_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="symptom_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="44fbda1b03dc0aac7dbe24ec45a7bfe9f24345a3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d879a",
                            table="clinic_symptom",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Therapy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("therapy", models.CharField(max_length=80)),
                (
                    "status",
                    models.CharField(
                        choices=[("started", "started"), ("stopped", "stopped")],
                        default="started",
                        max_length=8,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.therapy",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "therapy",
                "verbose_name_plural": "therapies",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="therapy_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="therapy_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="therapy_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="therapy_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="therapy_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="therapy_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="f00141c9b7c231fa27fd6696b4926334b010a2a4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_18a56",
                            table="clinic_therapy",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vaccine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("name", models.CharField(max_length=80)),
                ("live", models.BooleanField()),
                (
                    "status",
                    models.CharField(
                        choices=[("scheduled", "scheduled"), ("given", "given"), ("cancelled", "cancelled")],
                        default="scheduled",
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("for_household", models.BooleanField(default=False)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.vaccine",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "vaccine",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="vaccine_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="vaccine_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="vaccine_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="vaccine_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="vaccine_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="vaccine_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="bc5666d7b343c614e9b445e08f2d21d34dd916e9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2f720",
                            table="clinic_vaccine",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VisionExam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("no_abnormality_detected", "no abnormality detected"),
                            ("abnormal", "abnormal"),
                            ("not_possible", "attempted, not possible"),
                            ("pending", "done, report pending"),
                        ],
                        max_length=24,
                    ),
                ),
                ("method", models.CharField(blank=True, max_length=80)),
                ("examiner", models.CharField(blank=True, max_length=120)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.visionexam",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "vision exam",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="visionexam_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="visionexam_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="visionexam_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="visionexam_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="visionexam_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="visionexam_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="7667f6a8cbdea3009f8f4457fc58505b205c55a8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d40b3",
                            table="clinic_visionexam",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bounce", "a letter bounced"),
                            ("silence", "nobody answered"),
                            ("opt_out", "somebody opted out"),
                            ("complaint", "a letter was called unwanted"),
                            ("dead_letter", "a letter could not be sent"),
                            ("basis_withdrawn", "a fact was corrected: look again"),
                            ("dose_decision", "prescriber decides a dose"),
                            ("calendar_check", "second person checks a calendar"),
                            ("teach_again", "strength changed: teach the family again"),
                            ("weight_changed", "new weight: prescriber decides"),
                            ("edition_offered", "a new edition is offered"),
                            ("death_reported", "a death was reported: confirm or reverse"),
                            ("not_my_patient", "not the practice's patient"),
                            ("ask_again", "ask again"),
                            ("merge", "two records may be one child"),
                            ("review_failed", "the plan could not be reviewed"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "cause",
                    models.CharField(help_text="What it is about; one open item per cause.", max_length=200),
                ),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject_uid", models.UUIDField(blank=True, null=True)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("due_on", models.DateField()),
                ("priority", models.PositiveSmallIntegerField(default=60)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_because", models.CharField(blank=True, max_length=300)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_items",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["clinic", "due_on"],
                        name="work_item_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("clinic", "kind", "cause"),
                        name="work_item_stands_once_per_cause",
                        violation_error_message="This item is on the list already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="work_item_closed_names_who_closed_it",
                        violation_error_message="Say who closed the item, and when.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="d985e247182baf69245b305782e88686aeea6984",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_4b40f",
                            table="clinic_workitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_workitemevent" ("assigned_to_id", "cause", "changed_at", "changed_by_id", "clinic_id", "closed_at", "closed_because", "closed_by_id", "created_at", "created_by_id", "due_on", "id", "kind", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "subject_kind", "subject_uid", "text", "uid", "version") VALUES (NEW."assigned_to_id", NEW."cause", NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."closed_at", NEW."closed_because", NEW."closed_by_id", NEW."created_at", NEW."created_by_id", NEW."due_on", NEW."id", NEW."kind", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."subject_kind", NEW."subject_uid", NEW."text", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="defc640aa41758b6d43dad4e8eb5ce927ddb4158",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_15b2a",
                            table="clinic_workitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_workitemevent" ("assigned_to_id", "cause", "changed_at", "changed_by_id", "clinic_id", "closed_at", "closed_because", "closed_by_id", "created_at", "created_by_id", "due_on", "id", "kind", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "subject_kind", "subject_uid", "text", "uid", "version") VALUES (NEW."assigned_to_id", NEW."cause", NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."closed_at", NEW."closed_because", NEW."closed_by_id", NEW."created_at", NEW."created_by_id", NEW."due_on", NEW."id", NEW."kind", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."subject_kind", NEW."subject_uid", NEW."text", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="7cb24d1d426b9463ef48fa2baec9dc905cbb252b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fd2a1",
                            table="clinic_workitem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CareTeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("pediatrician", "pediatrician"),
                            ("neurologist", "neurologist"),
                            ("nurse", "clinic nurse"),
                            ("ophthalmology", "ophthalmology"),
                            ("clinic_lead", "clinic lead"),
                            ("epileptologist", "epileptologist"),
                            ("surgery", "epilepsy surgery program"),
                            ("family", "family"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="clinic.contact",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_team",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "role"], name="care_team_by_role")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("patient", "clinic", "contact", "role"),
                        name="care_team_member_listed_once_per_role",
                        violation_error_message="This contact already has this role for this child.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="2229df2cefbf5b06e4eefa6d1923acd455c860ed",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_c3408",
                            table="clinic_careteammember",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_careteammemberevent" ("changed_at", "changed_by_id", "clinic_id", "contact_id", "created_at", "created_by_id", "ended_on", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."contact_id", NEW."created_at", NEW."created_by_id", NEW."ended_on", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="eb859eec41900081b6a481b602a53a961442ab7c",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c360f",
                            table="clinic_careteammember",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_careteammemberevent" ("changed_at", "changed_by_id", "clinic_id", "contact_id", "created_at", "created_by_id", "ended_on", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "uid", "version") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."clinic_id", NEW."contact_id", NEW."created_at", NEW."created_by_id", NEW."ended_on", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="fdda81da9d08651f163e4495f9a3b17a0399f799",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0d4d8",
                            table="clinic_careteammember",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BloodPressure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("systolic", models.PositiveSmallIntegerField(verbose_name="systolic, mmHg")),
                (
                    "diastolic",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="diastolic, mmHg"),
                ),
                ("symptomatic", models.BooleanField(default=False)),
                (
                    "arm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said"),
                            ("right-arm", "right arm"),
                            ("left-arm", "left arm"),
                            ("leg", "leg"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said"),
                            ("supine", "lying"),
                            ("held", "held"),
                            ("sitting", "sitting"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said"),
                            ("calm", "calm"),
                            ("asleep", "asleep"),
                            ("crying", "crying"),
                        ],
                        max_length=8,
                    ),
                ),
                ("device", models.CharField(blank=True, max_length=80)),
                ("cuff", models.CharField(blank=True, max_length=40)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.bloodpressure",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "blood pressure",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="bloodpressure_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="bloodpressure_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="bloodpressure_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="bloodpressure_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="bloodpressure_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="bloodpressure_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("diastolic", None), ("diastolic__lt", models.F("systolic")), _connector="OR"
                        ),
                        name="blood_pressure_diastolic_is_below_systolic",
                        violation_error_message="The diastolic pressure must be below the systolic one.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="465e2ea3c20883c9fb3f43c748b782460b8b3e2b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_df4a8",
                            table="clinic_bloodpressure",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConditionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("onset_on", models.DateField(blank=True, null=True)),
                ("diagnosed_on", models.DateField(blank=True, null=True)),
                (
                    "etiology",
                    models.CharField(
                        choices=[
                            ("unknown", "not known"),
                            ("tsc", "tuberous sclerosis"),
                            ("hie", "hypoxic-ischaemic injury"),
                            ("stroke", "stroke or bleeding"),
                            ("malformation", "brain malformation"),
                            ("genetic", "genetic, other"),
                            ("trisomy_21", "trisomy 21"),
                            ("metabolic", "metabolic"),
                            ("infection", "infection"),
                            ("other", "other"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                ("etiology_text", models.CharField(blank=True, max_length=200)),
                (
                    "lesion",
                    models.CharField(
                        choices=[
                            ("not-imaged", "not imaged"),
                            ("pending", "result pending"),
                            ("none", "none on epilepsy MRI"),
                            ("present", "focal or hemispheric lesion"),
                        ],
                        default="not-imaged",
                        max_length=12,
                    ),
                ),
                (
                    "metabolic_or_degenerative",
                    models.CharField(
                        choices=[
                            ("not_assessed", "not assessed"),
                            ("suspected", "suspected"),
                            ("confirmed", "confirmed"),
                            ("excluded", "excluded"),
                        ],
                        default="not_assessed",
                        max_length=12,
                    ),
                ),
                ("hypsarrhythmia_at_baseline", models.BooleanField(blank=True, null=True)),
                ("developmental_arrest", models.BooleanField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.condition",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1e77340bbbc1a87821777e72a2420be0617f0085",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_eca22",
                            table="clinic_conditionevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("batch", models.UUIDField(db_index=True, default=uuid.uuid4)),
                ("start_on", models.DateField()),
                ("weight_kg", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("length_cm", models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True)),
                ("choices", models.JSONField(blank=True, default=dict)),
                ("planned_last_dose_on", models.DateField(blank=True, null=True)),
                ("calendar_digest", models.CharField(blank=True, max_length=64)),
                ("calendar_checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft, calendar not checked"),
                            ("active", "active"),
                            ("held", "on hold"),
                            ("completed", "completed"),
                            ("stopped", "stopped"),
                            ("dropped", "draft dropped"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("last_dose_on", models.DateField(blank=True, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("completed", "completed as planned"),
                            ("no_response", "no response"),
                            ("intolerance", "not tolerated"),
                            ("family", "family's decision"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "calendar_checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "drug",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.drug"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.product",
                    ),
                ),
                (
                    "protocol_edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.protocoledition",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "permissions": (
                    ("plan_course", "Can plan a course"),
                    ("check_calendar", "Can check a dose calendar"),
                    ("decide_dose", "Can decide a dose step, a hold or a stop"),
                ),
                "abstract": False,
                "indexes": [models.Index(fields=["enrolment", "status"], name="course_by_enrolment")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("active", "held"))),
                        fields=("patient", "drug"),
                        name="child_has_one_running_course_per_drug",
                        violation_error_message="A course of this drug runs already. Stop it first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("calendar_checked_at", None), ("calendar_checked_by", None)),
                            models.Q(
                                ("calendar_checked_at__isnull", False), ("calendar_checked_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="course_calendar_check_names_who_checked",
                        violation_error_message="Say who checked the calendar, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("calendar_checked_by", None),
                            models.Q(("created_by", models.F("calendar_checked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="course_calendar_is_checked_by_a_second_person",
                        violation_error_message="The calendar must be checked by a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ("draft", "dropped")),
                            ("calendar_checked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="course_runs_only_with_a_checked_calendar",
                        violation_error_message="The calendar must be checked before the course starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("last_dose_on__isnull", False),
                                ("status__in", ("stopped", "completed")),
                                models.Q(("stop_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status__in", ("stopped", "completed")), _negated=True),
                                ("last_dose_on", None),
                                ("stop_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="course_that_ended_says_last_dose_and_reason",
                        violation_error_message="Say when the last dose was given, and why the course ended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight_kg", None), ("weight_kg__gt", 0), _connector="OR"),
                        name="course_weight_is_above_zero",
                        violation_error_message="The weight must be above zero.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="a9b24aff850b295f18f747caf1127e5c1c7249ae",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_ed6d5",
                            table="clinic_course",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_courseevent" ("batch", "calendar_checked_at", "calendar_checked_by_id", "calendar_digest", "changed_at", "changed_by_id", "choices", "created_at", "created_by_id", "drug_id", "enrolment_id", "id", "last_dose_on", "length_cm", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_last_dose_on", "product_id", "protocol_edition_id", "start_on", "status", "stop_reason", "uid", "version", "weight_kg") VALUES (NEW."batch", NEW."calendar_checked_at", NEW."calendar_checked_by_id", NEW."calendar_digest", NEW."changed_at", NEW."changed_by_id", NEW."choices", NEW."created_at", NEW."created_by_id", NEW."drug_id", NEW."enrolment_id", NEW."id", NEW."last_dose_on", NEW."length_cm", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_last_dose_on", NEW."product_id", NEW."protocol_edition_id", NEW."start_on", NEW."status", NEW."stop_reason", NEW."uid", NEW."version", NEW."weight_kg"); RETURN NULL;',
                            hash="a30fc43bb50227b9c66233bde84684f81fa7fec5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a525a",
                            table="clinic_course",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_courseevent" ("batch", "calendar_checked_at", "calendar_checked_by_id", "calendar_digest", "changed_at", "changed_by_id", "choices", "created_at", "created_by_id", "drug_id", "enrolment_id", "id", "last_dose_on", "length_cm", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_last_dose_on", "product_id", "protocol_edition_id", "start_on", "status", "stop_reason", "uid", "version", "weight_kg") VALUES (NEW."batch", NEW."calendar_checked_at", NEW."calendar_checked_by_id", NEW."calendar_digest", NEW."changed_at", NEW."changed_by_id", NEW."choices", NEW."created_at", NEW."created_by_id", NEW."drug_id", NEW."enrolment_id", NEW."id", NEW."last_dose_on", NEW."length_cm", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_last_dose_on", NEW."product_id", NEW."protocol_edition_id", NEW."start_on", NEW."status", NEW."stop_reason", NEW."uid", NEW."version", NEW."weight_kg"); RETURN NULL;',
                            hash="2a1f55e9013669f93c8c0d7058430c757a201135",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_08907",
                            table="clinic_course",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnrolmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("transferred", "transferred"),
                            ("withdrawn", "withdrawn"),
                            ("lost", "contact lost"),
                            ("deceased", "deceased"),
                            ("completed", "completed"),
                        ],
                        default="active",
                        max_length=12,
                    ),
                ),
                ("enrolled_on", models.DateField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("sending_paused_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_to", models.CharField(blank=True, max_length=200)),
                ("next_review_on", models.DateField(blank=True, null=True)),
                ("plan_reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("plan_digest", models.CharField(blank=True, max_length=64)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pathway_edition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="protocols.pathwayedition",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "sending_paused_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3fa214e0e110342d8050ff04164dc8555ac33770",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f79c6",
                            table="clinic_enrolmentevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EnrolmentStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("enrolled", "enrolled"),
                            ("transfer_out", "transfer offered"),
                            ("transfer_accepted", "transfer accepted"),
                            ("transfer_called_off", "transfer called off"),
                            ("consent_withdrawn", "consent withdrawn"),
                            ("contact_lost", "contact lost"),
                            ("contact_found", "contact found again"),
                            ("death_reported", "death reported"),
                            ("death_confirmed", "death confirmed"),
                            ("death_reversed", "report of a death reversed"),
                            ("completed", "follow-up completed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("other_party", models.CharField(blank=True, max_length=200, verbose_name="to or by")),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.enrolmentstep",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "other_clinic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an enrolment",
                "verbose_name_plural": "steps of enrolments",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="enrolmentstep_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="enrolmentstep_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="enrolmentstep_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="enrolmentstep_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="enrolmentstep_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="enrolmentstep_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="53470abc961891143cfea15be9388a58916e1775",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_22c8d",
                            table="clinic_enrolmentstep",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("rule", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("urgency", models.CharField(max_length=12)),
                ("priority", models.PositiveSmallIntegerField(default=50)),
                ("raised_on", models.DateField()),
                ("raised_at", models.DateTimeField()),
                ("act_by_on", models.DateField(blank=True, null=True)),
                ("asks_for", models.CharField(blank=True, max_length=300)),
                ("recipients", models.JSONField(default=list)),
                ("because", models.JSONField(default=list)),
                ("chain", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("acknowledged", "acknowledged"),
                            ("acted", "acted on"),
                            ("declined", "declined with a reason"),
                            ("resolved", "resolved by the facts"),
                            ("withdrawn", "basis withdrawn"),
                        ],
                        default="open",
                        max_length=14,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("resolved_on", models.DateField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("parked_until_on", models.DateField(blank=True, null=True)),
                ("spoke_to", models.CharField(blank=True, max_length=120)),
                ("spoke_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_escalations",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "spoke_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "permissions": (
                    ("acknowledge", "Can acknowledge an escalation"),
                    ("act_on_escalation", "Can act on or decline an escalation"),
                ),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("open", "acknowledged"))),
                        fields=["enrolment", "raised_on"],
                        name="escalation_open_by_enrolment",
                    ),
                    models.Index(fields=["patient", "rule"], name="escalation_by_child"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "rule", "cause"),
                        name="escalation_raised_once_per_cause",
                        violation_error_message="This escalation stands already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_on__isnull", False)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_on", None)),
                            _connector="OR",
                        ),
                        name="escalation_withdrawn_says_when",
                        violation_error_message="A withdrawn escalation says when its basis fell.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "resolved"), _negated=True),
                            ("resolved_on__isnull", False),
                            _connector="OR",
                        ),
                        name="escalation_resolved_says_when",
                        violation_error_message="A resolved escalation says when it was resolved.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at", None), ("acknowledged_by", None)),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="escalation_acknowledgement_names_who_did",
                        violation_error_message="Say who acknowledged it, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("spoke_at", None), ("spoke_by", None), ("spoke_to", "")),
                            models.Q(
                                ("spoke_at__isnull", False),
                                ("spoke_by__isnull", False),
                                models.Q(("spoke_to", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="escalation_spoke_to_names_both_sides",
                        violation_error_message="Say who was spoken to, when, and by whom.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="2d229c50ff71e86ec6017ab96f2cb7e8adc3bfc7",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_ed676",
                            table="clinic_escalation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_escalationevent" ("acknowledged_at", "acknowledged_by_id", "act_by_on", "asks_for", "assigned_to_id", "because", "cause", "chain", "changed_at", "changed_by_id", "created_at", "created_by_id", "enrolment_id", "id", "name", "parked_until_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "raised_at", "raised_on", "recipients", "resolved_on", "rule", "spoke_at", "spoke_by_id", "spoke_to", "state", "uid", "urgency", "version", "withdrawn_on") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."act_by_on", NEW."asks_for", NEW."assigned_to_id", NEW."because", NEW."cause", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."enrolment_id", NEW."id", NEW."name", NEW."parked_until_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."raised_at", NEW."raised_on", NEW."recipients", NEW."resolved_on", NEW."rule", NEW."spoke_at", NEW."spoke_by_id", NEW."spoke_to", NEW."state", NEW."uid", NEW."urgency", NEW."version", NEW."withdrawn_on"); RETURN NULL;',
                            hash="aa7e1eb09f00da32253a35d8490d20304866f003",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2d73e",
                            table="clinic_escalation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_escalationevent" ("acknowledged_at", "acknowledged_by_id", "act_by_on", "asks_for", "assigned_to_id", "because", "cause", "chain", "changed_at", "changed_by_id", "created_at", "created_by_id", "enrolment_id", "id", "name", "parked_until_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "raised_at", "raised_on", "recipients", "resolved_on", "rule", "spoke_at", "spoke_by_id", "spoke_to", "state", "uid", "urgency", "version", "withdrawn_on") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."act_by_on", NEW."asks_for", NEW."assigned_to_id", NEW."because", NEW."cause", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."enrolment_id", NEW."id", NEW."name", NEW."parked_until_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."raised_at", NEW."raised_on", NEW."recipients", NEW."resolved_on", NEW."rule", NEW."spoke_at", NEW."spoke_by_id", NEW."spoke_to", NEW."state", NEW."uid", NEW."urgency", NEW."version", NEW."withdrawn_on"); RETURN NULL;',
                            hash="6ee1e7d6ca24293d11db9e85f4638cabc6338903",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fc58a",
                            table="clinic_escalation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientIdentifierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("system", models.CharField(max_length=200, verbose_name="authority")),
                ("value", models.CharField(max_length=80, verbose_name="number")),
                (
                    "assigner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.patientidentifier",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a07b3ed602a1fe63aa8a7b1988948ca6ce98c526",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3e9fd",
                            table="clinic_patientidentifierevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("sent", "sent"),
                            ("received", "received"),
                            ("seen", "seen"),
                            ("outcome", "outcome known"),
                            ("declined", "declined with a reason"),
                            ("called_off", "called off: its basis fell"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("sent_to", models.CharField(blank=True, max_length=200)),
                ("received_on", models.DateField(blank=True, null=True)),
                ("seen_on", models.DateField(blank=True, null=True)),
                ("outcome_on", models.DateField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("declined_on", models.DateField(blank=True, null=True)),
                ("ask_again_on", models.DateField(blank=True, null=True)),
                ("act_by_on", models.DateField(blank=True, null=True)),
                (
                    "no_lesion_branch",
                    models.BooleanField(
                        default=False, verbose_name="no focal lesion: callosotomy is to be considered"
                    ),
                ),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                ("ordered_by_name", models.CharField(blank=True, max_length=120, verbose_name="signed by")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_referrals",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "permissions": (("step_referral", "Can send, decline and follow a referral"),),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "sent", "received", "seen"))),
                        fields=("patient",),
                        name="child_has_one_open_referral",
                        violation_error_message="A referral is under way already: the new cause joins it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_on__isnull", False),
                            _connector="OR",
                        ),
                        name="referral_sent_says_when",
                        violation_error_message="Say when the referral was sent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            ("declined_on__isnull", False),
                            _connector="OR",
                        ),
                        name="referral_declined_says_when",
                        violation_error_message="Say when the referral was declined.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="8bb4a4db89c1a920f0dfeda727228b138668d349",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_351ff",
                            table="clinic_referral",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_referralevent" ("act_by_on", "ask_again_on", "asked_at", "asked_on", "assigned_to_id", "basis_withdrawn_on", "changed_at", "changed_by_id", "created_at", "created_by_id", "declined_on", "enrolment_id", "id", "no_lesion_branch", "ordered_by_name", "outcome", "outcome_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "seen_on", "sent_on", "sent_to", "state", "uid", "version") VALUES (NEW."act_by_on", NEW."ask_again_on", NEW."asked_at", NEW."asked_on", NEW."assigned_to_id", NEW."basis_withdrawn_on", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."declined_on", NEW."enrolment_id", NEW."id", NEW."no_lesion_branch", NEW."ordered_by_name", NEW."outcome", NEW."outcome_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_on", NEW."seen_on", NEW."sent_on", NEW."sent_to", NEW."state", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="b83b194abd69ea033ab04405bd36d924179bb5be",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d1c61",
                            table="clinic_referral",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_referralevent" ("act_by_on", "ask_again_on", "asked_at", "asked_on", "assigned_to_id", "basis_withdrawn_on", "changed_at", "changed_by_id", "created_at", "created_by_id", "declined_on", "enrolment_id", "id", "no_lesion_branch", "ordered_by_name", "outcome", "outcome_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "seen_on", "sent_on", "sent_to", "state", "uid", "version") VALUES (NEW."act_by_on", NEW."ask_again_on", NEW."asked_at", NEW."asked_on", NEW."assigned_to_id", NEW."basis_withdrawn_on", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."declined_on", NEW."enrolment_id", NEW."id", NEW."no_lesion_branch", NEW."ordered_by_name", NEW."outcome", NEW."outcome_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_on", NEW."seen_on", NEW."sent_on", NEW."sent_to", NEW."state", NEW."uid", NEW."version"); RETURN NULL;',
                            hash="9766afdded29f8ba916b894f59444c1b70226fc0",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_857ec",
                            table="clinic_referral",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("episode", models.CharField(max_length=200)),
                ("episode_start_on", models.DateField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("responder", "responder"),
                            ("provisional", "provisional"),
                            ("non_responder", "non-responder"),
                            ("cannot_tell", "cannot tell"),
                        ],
                        max_length=16,
                    ),
                ),
                ("definition", models.CharField(max_length=60)),
                ("missing", models.JSONField(blank=True, default=list)),
                ("final", models.BooleanField(default=False)),
                ("response_on", models.DateField(blank=True, null=True)),
                ("relapsed_on", models.DateField(blank=True, null=True)),
                ("last_spasm_on", models.DateField(blank=True, null=True)),
                ("family_last_asked_on", models.DateField(blank=True, null=True)),
                ("assessed_on", models.DateField()),
                ("chain", models.JSONField(default=dict)),
                ("superseded_on", models.DateField(blank=True, null=True)),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_on", None)),
                        fields=("enrolment", "episode"),
                        name="one_verdict_stands_per_episode",
                        violation_error_message="A verdict stands already for this episode.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="e2a4d8cba96044a095d33556254bf41c973f8bd6",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_9d721",
                            table="clinic_responseassessment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_responseassessmentevent" ("assessed_on", "basis_withdrawn_on", "chain", "changed_at", "changed_by_id", "created_at", "created_by_id", "definition", "enrolment_id", "episode", "episode_start_on", "family_last_asked_on", "final", "id", "last_spasm_on", "missing", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relapsed_on", "response_on", "superseded_on", "uid", "verdict", "version") VALUES (NEW."assessed_on", NEW."basis_withdrawn_on", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."definition", NEW."enrolment_id", NEW."episode", NEW."episode_start_on", NEW."family_last_asked_on", NEW."final", NEW."id", NEW."last_spasm_on", NEW."missing", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."relapsed_on", NEW."response_on", NEW."superseded_on", NEW."uid", NEW."verdict", NEW."version"); RETURN NULL;',
                            hash="18c8c8e98e8e6f58239b94706d665128857af34b",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_3feee",
                            table="clinic_responseassessment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_responseassessmentevent" ("assessed_on", "basis_withdrawn_on", "chain", "changed_at", "changed_by_id", "created_at", "created_by_id", "definition", "enrolment_id", "episode", "episode_start_on", "family_last_asked_on", "final", "id", "last_spasm_on", "missing", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relapsed_on", "response_on", "superseded_on", "uid", "verdict", "version") VALUES (NEW."assessed_on", NEW."basis_withdrawn_on", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."definition", NEW."enrolment_id", NEW."episode", NEW."episode_start_on", NEW."family_last_asked_on", NEW."final", NEW."id", NEW."last_spasm_on", NEW."missing", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."relapsed_on", NEW."response_on", NEW."superseded_on", NEW."uid", NEW."verdict", NEW."version"); RETURN NULL;',
                            hash="cc8c502c881cd3c11c620df130345eed6883f896",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2ed4f",
                            table="clinic_responseassessment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("kind", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_uid", models.UUIDField()),
                ("data", models.JSONField(blank=True, default=dict)),
                ("relayed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "txid",
                    models.BigIntegerField(
                        db_default=clinic.models.timeline.CurrentTransaction(), editable=False
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timeline",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timeline",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timeline",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "verbose_name": "timeline entry",
                "verbose_name_plural": "timeline entries",
                "indexes": [
                    models.Index(fields=["patient", "at"], name="timeline_by_child"),
                    models.Index(fields=["txid", "id"], name="timeline_in_commit_order"),
                    models.Index(
                        condition=models.Q(("relayed_at", None)), fields=["id"], name="timeline_not_relayed"
                    ),
                    models.Index(fields=["subject_uid"], name="timeline_by_subject"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_relayed_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                IF OLD.relayed_at IS NULL AND NEW.relayed_at IS NOT NULL\n                    AND to_jsonb(NEW) - 'relayed_at' = to_jsonb(OLD) - 'relayed_at' THEN\n                    RETURN NEW;\n                END IF;\n                \n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n\n                ",
                            hash="6329bf651fc1749a9b71d23d2160e28e9131dc71",
                            operation="UPDATE",
                            pgid="pgtrigger_only_relayed_once_b62d8",
                            table="clinic_timelineentry",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="97b0c8ba5f25e9ec8377cebf51d202ac8645d7cc",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_2e823",
                            table="clinic_timelineentry",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bounce", "a letter bounced"),
                            ("silence", "nobody answered"),
                            ("opt_out", "somebody opted out"),
                            ("complaint", "a letter was called unwanted"),
                            ("dead_letter", "a letter could not be sent"),
                            ("basis_withdrawn", "a fact was corrected: look again"),
                            ("dose_decision", "prescriber decides a dose"),
                            ("calendar_check", "second person checks a calendar"),
                            ("teach_again", "strength changed: teach the family again"),
                            ("weight_changed", "new weight: prescriber decides"),
                            ("edition_offered", "a new edition is offered"),
                            ("death_reported", "a death was reported: confirm or reverse"),
                            ("not_my_patient", "not the practice's patient"),
                            ("ask_again", "ask again"),
                            ("merge", "two records may be one child"),
                            ("review_failed", "the plan could not be reviewed"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "cause",
                    models.CharField(help_text="What it is about; one open item per cause.", max_length=200),
                ),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject_uid", models.UUIDField(blank=True, null=True)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("due_on", models.DateField()),
                ("priority", models.PositiveSmallIntegerField(default=60)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_because", models.CharField(blank=True, max_length=300)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.workitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="14d83d212d6f49df5b826fcb6ce6360e5f2a394d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0f3d8",
                            table="clinic_workitemevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CareTeamMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("pediatrician", "pediatrician"),
                            ("neurologist", "neurologist"),
                            ("nurse", "clinic nurse"),
                            ("ophthalmology", "ophthalmology"),
                            ("clinic_lead", "clinic lead"),
                            ("epileptologist", "epileptologist"),
                            ("surgery", "epilepsy surgery program"),
                            ("family", "family"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.careteammember",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.contact",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4bd8e42b0c31677b63238f886212dc6b23e87b11",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_379ec",
                            table="clinic_careteammemberevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("batch", models.UUIDField(default=uuid.uuid4)),
                ("start_on", models.DateField()),
                ("weight_kg", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("length_cm", models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True)),
                ("choices", models.JSONField(blank=True, default=dict)),
                ("planned_last_dose_on", models.DateField(blank=True, null=True)),
                ("calendar_digest", models.CharField(blank=True, max_length=64)),
                ("calendar_checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft, calendar not checked"),
                            ("active", "active"),
                            ("held", "on hold"),
                            ("completed", "completed"),
                            ("stopped", "stopped"),
                            ("dropped", "draft dropped"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("last_dose_on", models.DateField(blank=True, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("completed", "completed as planned"),
                            ("no_response", "no response"),
                            ("intolerance", "not tolerated"),
                            ("family", "family's decision"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "calendar_checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "drug",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="protocols.drug",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.course",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="protocols.product",
                    ),
                ),
                (
                    "protocol_edition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="protocols.protocoledition",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cfe12d75bb5cd30b4e833df1b03334a2d8b0c533",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d248f",
                            table="clinic_courseevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseStart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("taper_on", models.DateField(blank=True, null=True)),
                ("dose_decision_on", models.DateField(blank=True, null=True)),
                ("target_dose_on", models.DateField(blank=True, null=True)),
                ("planned_last_dose_on", models.DateField(blank=True, null=True)),
                ("adequate", models.BooleanField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.coursestart",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "start of a course",
                "verbose_name_plural": "starts of courses",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="coursestart_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="coursestart_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="coursestart_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="coursestart_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="coursestart_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="coursestart_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="8068212d8a87af0fe78db321690da51ddcb55c6b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a4338",
                            table="clinic_coursestart",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("completed", "completed as planned"),
                            ("no_response", "no response"),
                            ("intolerance", "not tolerated"),
                            ("family", "family's decision"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("abrupt_because", models.CharField(blank=True, max_length=300)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.coursestop",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "end of a course",
                "verbose_name_plural": "ends of courses",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="coursestop_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="coursestop_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="coursestop_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="coursestop_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="coursestop_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="coursestop_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="614d728229398b0d8c9cf95bc272c80620ff4540",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_46dd7",
                            table="clinic_coursestop",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("human_review", "review by a specialist"),
                            ("next_therapy", "next therapy or surgery first"),
                            ("trial_adequacy", "whether a trial was adequate"),
                            ("verdict", "verdict where the software cannot tell"),
                            ("eeg_compared", "EEGs compared by a person"),
                            ("eeg_merged", "EEGs of two episodes merged"),
                            ("adrenal_recovered", "adrenal recovery confirmed"),
                            ("item_closed", "safety item closed"),
                            ("vigabatrin_review", "benefit and risk of vigabatrin weighed"),
                            ("vaccine_timing", "when a live vaccine may be given"),
                            ("comfort_care", "comfort care"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_by", models.CharField(max_length=120, verbose_name="decided by (name)")),
                ("decider_role", models.CharField(blank=True, max_length=40)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("surgery_first_line", models.BooleanField(blank=True, null=True)),
                ("next_therapy", models.CharField(blank=True, max_length=120)),
                ("verdict", models.CharField(blank=True, max_length=16)),
                ("adequate", models.BooleanField(blank=True, null=True)),
                (
                    "about",
                    models.CharField(blank=True, max_length=200, verbose_name="rule or check it answers"),
                ),
                ("until_on", models.DateField(blank=True, null=True)),
                ("values", models.JSONField(blank=True, default=dict)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.decision",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="clinic.escalation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="decision_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="decision_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="decision_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="decision_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), _negated=True),
                        name="decision_names_who_decided",
                        violation_error_message="Name the person who decided.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="a29e2911d905d105cae3b0a41c60c9669a83cff7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_98f08",
                            table="clinic_decision",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispensed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("strength_text", models.CharField(blank=True, max_length=80)),
                ("quantity_text", models.CharField(blank=True, max_length=80)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.dispensed",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.product",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "dispensed drug",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="dispensed_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="dispensed_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="dispensed_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="dispensed_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="dispensed_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="dispensed_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="f97abfd9b373e250b6659c18541c6cd185094bf9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3c6cc",
                            table="clinic_dispensed",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("weight", "new weight accepted"),
                            ("choice", "a choice set anew"),
                            ("taper", "taper starts"),
                            ("responded", "next part decided"),
                            ("edition", "new edition accepted"),
                            ("dose", "dose set by the prescriber"),
                            ("target", "target dose reached"),
                            ("last_dose", "last dose planned anew"),
                        ],
                        max_length=10,
                    ),
                ),
                ("from_on", models.DateField()),
                ("prescriber", models.CharField(max_length=120)),
                ("weight_kg", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("length_cm", models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True)),
                ("values", models.JSONField(blank=True, default=dict)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.dosechange",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "measurement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.measurement",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "dose change",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="dosechange_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="dosechange_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="dosechange_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="dosechange_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="dosechange_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="dosechange_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "weight"), _negated=True), ("weight_kg__gt", 0), _connector="OR"
                        ),
                        name="dose_change_for_weight_names_the_weight",
                        violation_error_message="Give the weight that is accepted.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="a9bca0eed165bf58799ccb5c29edd3366dd9343a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c3f0d",
                            table="clinic_dosechange",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("step_key", models.CharField(max_length=80)),
                ("taken", models.BooleanField()),
                ("from_on", models.DateField()),
                ("prescriber", models.CharField(max_length=120)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.dosedecision",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "dose decision",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="dosedecision_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="dosedecision_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="dosedecision_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="dosedecision_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="dosedecision_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="dosedecision_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="1218bc3cb7e54ee568cb626dbeb7f54ab8e8a569",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_65105",
                            table="clinic_dosedecision",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("rule", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("urgency", models.CharField(max_length=12)),
                ("priority", models.PositiveSmallIntegerField(default=50)),
                ("raised_on", models.DateField()),
                ("raised_at", models.DateTimeField()),
                ("act_by_on", models.DateField(blank=True, null=True)),
                ("asks_for", models.CharField(blank=True, max_length=300)),
                ("recipients", models.JSONField(default=list)),
                ("because", models.JSONField(default=list)),
                ("chain", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("acknowledged", "acknowledged"),
                            ("acted", "acted on"),
                            ("declined", "declined with a reason"),
                            ("resolved", "resolved by the facts"),
                            ("withdrawn", "basis withdrawn"),
                        ],
                        default="open",
                        max_length=14,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("resolved_on", models.DateField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("parked_until_on", models.DateField(blank=True, null=True)),
                ("spoke_to", models.CharField(blank=True, max_length=120)),
                ("spoke_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.escalation",
                    ),
                ),
                (
                    "spoke_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1029228b6a9222f953c5b4181c4a411172c10f5d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f2c7f",
                            table="clinic_escalationevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledged", "acknowledged"),
                            ("spoke", "spoke to somebody"),
                            ("acted", "acted on"),
                            ("declined", "declined"),
                            ("reopened", "opened again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("spoke_to", models.CharField(blank=True, max_length=120)),
                ("until_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.escalationstep",
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="clinic.escalation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an escalation",
                "verbose_name_plural": "steps of escalations",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="escalationstep_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="escalationstep_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="escalationstep_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="escalationstep_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="escalationstep_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="escalationstep_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="a932c521327ee1c3b1483a67367e53dadaf69491",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b8284",
                            table="clinic_escalationstep",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="last day on hold")),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.hold",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="hold_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="hold_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="hold_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="hold_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="hold_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="hold_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None), ("until_on__gte", models.F("happened_on")), _connector="OR"
                        ),
                        name="hold_ends_after_it_starts",
                        violation_error_message="The hold cannot end before it starts.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="35e0a0cdc7188bfcb5ea2a51f297b6f967aa2759",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5e2ef",
                            table="clinic_hold",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedDose",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missed", "not given"),
                            ("vomited", "vomited"),
                            ("wrong", "wrong dose given"),
                        ],
                        max_length=8,
                    ),
                ),
                ("doses", models.PositiveSmallIntegerField(default=1)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.misseddose",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "missed dose",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="misseddose_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="misseddose_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="misseddose_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="misseddose_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="misseddose_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="misseddose_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="b8cc440bf2f1558bce5e05f5e985c057bfa53306",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_689ef",
                            table="clinic_misseddose",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("sent", "sent"),
                            ("received", "received"),
                            ("seen", "seen"),
                            ("outcome", "outcome known"),
                            ("declined", "declined with a reason"),
                            ("called_off", "called off: its basis fell"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("sent_to", models.CharField(blank=True, max_length=200)),
                ("received_on", models.DateField(blank=True, null=True)),
                ("seen_on", models.DateField(blank=True, null=True)),
                ("outcome_on", models.DateField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("declined_on", models.DateField(blank=True, null=True)),
                ("ask_again_on", models.DateField(blank=True, null=True)),
                ("act_by_on", models.DateField(blank=True, null=True)),
                (
                    "no_lesion_branch",
                    models.BooleanField(
                        default=False, verbose_name="no focal lesion: callosotomy is to be considered"
                    ),
                ),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                ("ordered_by_name", models.CharField(blank=True, max_length=120, verbose_name="signed by")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.referral",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1d47113b15519742968a923f2c632900bb798e1a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_33810",
                            table="clinic_referralevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("rule", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=200)),
                ("joined_on", models.DateField()),
                ("chain", models.JSONField(default=dict)),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referral_reasons",
                        to="clinic.escalation",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reasons",
                        to="clinic.referral",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("referral", "rule", "cause"),
                        name="referral_reason_joins_once",
                        violation_error_message="This reason stands already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="bbac506f38b7a89eb05faaf3b81937c8dca42062",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_0340a",
                            table="clinic_referralreason",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed", "signed by the neurologist"),
                            ("sent", "sent"),
                            ("received", "received"),
                            ("seen", "child seen"),
                            ("outcome", "outcome known"),
                            ("declined", "declined"),
                            ("second-opinion", "second opinion elsewhere"),
                        ],
                        max_length=16,
                    ),
                ),
                ("party", models.CharField(blank=True, max_length=200, verbose_name="to or by")),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("ask_again_on", models.DateField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.referralstep",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="clinic.referral",
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a referral",
                "verbose_name_plural": "steps of referrals",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="referralstep_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="referralstep_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referralstep_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="referralstep_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="referralstep_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="referralstep_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="d436814829153bf9610388a9b482e4219f05fdba",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_25d02",
                            table="clinic_referralstep",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseAssessmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("episode", models.CharField(max_length=200)),
                ("episode_start_on", models.DateField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("responder", "responder"),
                            ("provisional", "provisional"),
                            ("non_responder", "non-responder"),
                            ("cannot_tell", "cannot tell"),
                        ],
                        max_length=16,
                    ),
                ),
                ("definition", models.CharField(max_length=60)),
                ("missing", models.JSONField(blank=True, default=list)),
                ("final", models.BooleanField(default=False)),
                ("response_on", models.DateField(blank=True, null=True)),
                ("relapsed_on", models.DateField(blank=True, null=True)),
                ("last_spasm_on", models.DateField(blank=True, null=True)),
                ("family_last_asked_on", models.DateField(blank=True, null=True)),
                ("assessed_on", models.DateField()),
                ("chain", models.JSONField(default=dict)),
                ("superseded_on", models.DateField(blank=True, null=True)),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.responseassessment",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="85b475e0c0a68104cf1399098fff9a843c207b1c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_411f5",
                            table="clinic_responseassessmentevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "key",
                    models.CharField(
                        help_text="Which occurrence of which rule; the engine's own name for it.",
                        max_length=200,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("observes", models.CharField(max_length=40)),
                ("opens_on", models.DateField()),
                ("anchor_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField()),
                ("closes_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("upcoming", "upcoming"),
                            ("due", "due"),
                            ("overdue", "overdue"),
                            ("done", "done"),
                            ("waived", "waived"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("state_since_on", models.DateField()),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=50, help_text="Lower comes first on the worklist."
                    ),
                ),
                ("urgency", models.CharField(blank=True, max_length=12)),
                ("who", models.CharField(blank=True, max_length=40, verbose_name="who does it")),
                ("done_by_kind", models.CharField(blank=True, max_length=40)),
                ("done_by_uid", models.UUIDField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("limitation", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("chain", models.JSONField(default=dict)),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_checks",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="clinic.course",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "permissions": (
                    ("waive_check", "Can waive a check"),
                    ("waive_deciding_check", "Can waive the deciding EEG or the referral"),
                ),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("upcoming", "due", "overdue"))),
                        fields=["enrolment", "due_on"],
                        name="check_open_by_enrolment",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("upcoming", "due", "overdue"))),
                        fields=["due_on"],
                        name="check_open_by_due_date",
                    ),
                    models.Index(fields=["patient", "code"], name="check_by_child"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "key"),
                        name="check_stands_once_per_occurrence",
                        violation_error_message="This check stands already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens_on__lte", models.F("due_on"))),
                        name="check_opens_before_it_is_due",
                        violation_error_message="A check cannot be due before it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("waived", "cancelled")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="check_waived_or_cancelled_says_why",
                        violation_error_message="Say why the check is not needed.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="count_versions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="985ef8479ef2a9f62e925c8d6391c0ea24355ab8",
                            operation="UPDATE",
                            pgid="pgtrigger_count_versions_2f189",
                            table="clinic_check",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clinic_checkevent" ("anchor_on", "assigned_to_id", "basis_withdrawn_on", "chain", "changed_at", "changed_by_id", "closes_on", "code", "course_id", "created_at", "created_by_id", "done_by_kind", "done_by_uid", "done_on", "due_on", "enrolment_id", "id", "key", "limitation", "name", "observes", "opens_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reason", "state", "state_since_on", "uid", "urgency", "version", "who") VALUES (NEW."anchor_on", NEW."assigned_to_id", NEW."basis_withdrawn_on", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."closes_on", NEW."code", NEW."course_id", NEW."created_at", NEW."created_by_id", NEW."done_by_kind", NEW."done_by_uid", NEW."done_on", NEW."due_on", NEW."enrolment_id", NEW."id", NEW."key", NEW."limitation", NEW."name", NEW."observes", NEW."opens_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."reason", NEW."state", NEW."state_since_on", NEW."uid", NEW."urgency", NEW."version", NEW."who"); RETURN NULL;',
                            hash="41c20250f39b20b57e66f7ffddf0b2135f5c94e2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_79044",
                            table="clinic_check",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clinic_checkevent" ("anchor_on", "assigned_to_id", "basis_withdrawn_on", "chain", "changed_at", "changed_by_id", "closes_on", "code", "course_id", "created_at", "created_by_id", "done_by_kind", "done_by_uid", "done_on", "due_on", "enrolment_id", "id", "key", "limitation", "name", "observes", "opens_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reason", "state", "state_since_on", "uid", "urgency", "version", "who") VALUES (NEW."anchor_on", NEW."assigned_to_id", NEW."basis_withdrawn_on", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."closes_on", NEW."code", NEW."course_id", NEW."created_at", NEW."created_by_id", NEW."done_by_kind", NEW."done_by_uid", NEW."done_on", NEW."due_on", NEW."enrolment_id", NEW."id", NEW."key", NEW."limitation", NEW."name", NEW."observes", NEW."opens_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."reason", NEW."state", NEW."state_since_on", NEW."uid", NEW."urgency", NEW."version", NEW."who"); RETURN NULL;',
                            hash="eb5913b4843f881afe5a669da1a371e124566452",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_56d75",
                            table="clinic_check",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarTaught",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("taught_to", models.CharField(blank=True, max_length=120)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.calendartaught",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.product",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar taught",
                "verbose_name_plural": "calendars taught",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="calendartaught_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="calendartaught_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="calendartaught_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="calendartaught_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="calendartaught_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="calendartaught_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="02d03f3fae28f018d924746f4db37d86cf142880",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5e468",
                            table="clinic_calendartaught",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("spoke_to", models.CharField(blank=True, max_length=120)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("check", "a check"),
                            ("escalation", "an escalation"),
                            ("referral", "the referral"),
                            ("weekly_call", "the weekly call"),
                            ("other", "something else"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "reached"),
                            ("no_answer", "no answer"),
                            ("message_left", "message left"),
                            ("will_call_back", "will call back"),
                            ("refused", "does not want it now"),
                            ("wrong_number", "wrong number"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ask_again_on", models.DateField(blank=True, null=True)),
                (
                    "answers",
                    models.JSONField(
                        blank=True, default=dict, help_text="Weekly call: irritability, sleep, feeding, face."
                    ),
                ),
                (
                    "check_row",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="clinic.check",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="clinic.contact",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.contactattempt",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="clinic.escalation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="clinic.referral",
                    ),
                ),
            ],
            options={
                "verbose_name": "call",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="contactattempt_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="contactattempt_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="contactattempt_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contactattempt_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="contactattempt_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="contactattempt_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="a1f6640355e1c3dbbc79a913c5d8b5dc6a34df8a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_90b00",
                            table="clinic_contactattempt",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.holdend",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="clinic.course",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="clinic.hold"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "verbose_name": "end of a hold",
                "verbose_name_plural": "ends of holds",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="holdend_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="holdend_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="holdend_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="holdend_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="holdend_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="holdend_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="5f446f71e9bbbf885a74f045b384b7d4ca01bc00",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b639e",
                            table="clinic_holdend",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("happened_on", models.DateField()),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("known_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("admin", "typed here"),
                            ("rest", "REST"),
                            ("fhir", "FHIR"),
                            ("command", "command"),
                            ("link", "a contact's link"),
                            ("seed", "seed"),
                        ],
                        default="admin",
                        max_length=8,
                    ),
                ),
                ("entered_in_error", models.BooleanField(default=False)),
                ("why_corrected", models.CharField(blank=True, max_length=300)),
                ("moved_from", models.UUIDField(blank=True, null=True)),
                ("true_because", models.CharField(blank=True, max_length=300)),
                ("source_system", models.CharField(blank=True, max_length=200)),
                ("source_value", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("check_key", models.CharField(max_length=200)),
                ("until_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                (
                    "check_row",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="clinic.check",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.clinic"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by_row",
                        to="clinic.waiver",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.patient"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.actor"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "waiver",
                "abstract": False,
                "indexes": [models.Index(fields=["patient", "happened_on"], name="waiver_by_child")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="waiver_takes_back_a_row_that_is_named",
                        violation_error_message="Name the entry that was made in error.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_by", None), ("true_because", "")),
                            models.Q(
                                models.Q(("true_because", ""), _negated=True), ("seconded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="waiver_unlikely_value_has_reason_and_second_person",
                        violation_error_message="An unlikely value needs a reason and a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by", None),
                            models.Q(("seconded_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="waiver_second_person_is_another_person",
                        violation_error_message="The second person must be somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("recorded_at"))),
                        name="waiver_is_known_before_it_is_recorded",
                        violation_error_message="It cannot be known later than it is recorded.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_value", ""), _negated=True),
                        fields=("source_system", "source_value"),
                        name="waiver_comes_in_once_per_source",
                        violation_error_message="This result has come in already.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(\n        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'\n    ) THEN\n        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n    END IF;\n    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME\n        USING ERRCODE = 'restrict_violation';\n",
                            hash="4be321453e7d6ba8838d4a4132bd8dbbe4fed83b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c34c5",
                            table="clinic_waiver",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="id")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "key",
                    models.CharField(
                        help_text="Which occurrence of which rule; the engine's own name for it.",
                        max_length=200,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("observes", models.CharField(max_length=40)),
                ("opens_on", models.DateField()),
                ("anchor_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField()),
                ("closes_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("upcoming", "upcoming"),
                            ("due", "due"),
                            ("overdue", "overdue"),
                            ("done", "done"),
                            ("waived", "waived"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("state_since_on", models.DateField()),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=50, help_text="Lower comes first on the worklist."
                    ),
                ),
                ("urgency", models.CharField(blank=True, max_length=12)),
                ("who", models.CharField(blank=True, max_length=40, verbose_name="who does it")),
                ("done_by_kind", models.CharField(blank=True, max_length=40)),
                ("done_by_uid", models.UUIDField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("limitation", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("chain", models.JSONField(default=dict)),
                ("basis_withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.actor",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinic.check",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.course",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.enrolment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b991a6087c0813a81706ca84bcbbf6410d248075",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_134b6",
                            table="clinic_checkevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="actor",
            name="contact",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actor",
                to="clinic.contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="actor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("client_key", None), ("contact", None), ("kind", "user"), ("user__isnull", False)
                    ),
                    models.Q(
                        ("client_key", None), ("contact__isnull", False), ("kind", "contact"), ("user", None)
                    ),
                    models.Q(
                        ("client_key__isnull", False),
                        ("contact", None),
                        ("kind", "api_client"),
                        ("user", None),
                    ),
                    models.Q(
                        ("client_key", None),
                        ("contact", None),
                        ("kind__in", ("sweep", "seed", "operator")),
                        ("user", None),
                    ),
                    _connector="OR",
                ),
                name="actor_is_exactly_what_its_kind_says",
                violation_error_message="An actor is one user, contact or API client, as its kind says.",
            ),
        ),
        migrations.RunPython(install_triggers, migrations.RunPython.noop),
    ]
