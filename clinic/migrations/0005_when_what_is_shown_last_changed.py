"""When a child and a course last changed with all that is shown of them: added, filled, then required."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What the triggers will keep from here on, reckoned once for the rows that are there.
FILL = (
    """
    UPDATE clinic_patient AS shown SET shown_at = greatest(
        changed_at,
        (SELECT max(changed_at) FROM clinic_patientidentifierevent WHERE patient_id = shown.id),
        (SELECT max(changed_at) FROM clinic_careteammemberevent WHERE patient_id = shown.id),
        (SELECT max(recorded_at) FROM clinic_enrolmentstep WHERE patient_id = shown.id)
    )
    """,
    """
    UPDATE clinic_course AS shown SET shown_at = greatest(
        changed_at,
        (SELECT max(created_at) FROM clinic_check WHERE course_id = shown.id),
        (
            SELECT max(reason.created_at) FROM clinic_referralreason AS reason
            JOIN clinic_referral AS referral ON referral.id = reason.referral_id
            WHERE referral.patient_id = shown.patient_id
        ),
        (SELECT max(recorded_at) FROM clinic_coursestart WHERE course_id = shown.id),
        (SELECT max(recorded_at) FROM clinic_dosedecision WHERE course_id = shown.id),
        (SELECT max(recorded_at) FROM clinic_dosechange WHERE course_id = shown.id),
        (SELECT max(recorded_at) FROM clinic_hold WHERE course_id = shown.id),
        (SELECT max(recorded_at) FROM clinic_holdend WHERE course_id = shown.id)
    )
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0004_exposures_are_to_named_agents"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="course",
            name="count_versions",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="course",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="patient",
            name="count_versions",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="patient",
            name="update_update",
        ),
        migrations.AddField(
            model_name="course",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="patient",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="careteammember",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_patient",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_patient AS shown SET shown_at = NEW.changed_at\n            WHERE shown.id = NEW.patient_id AND shown.shown_at < NEW.changed_at;\n            RETURN NULL;\n        ",
                    hash="b1abe84ed900a1685a844b1781533cf070c84b70",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_show_with_patient_ad2a5",
                    table="clinic_careteammember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="check",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.created_at\n            WHERE shown.id = NEW.course_id AND shown.shown_at < NEW.created_at;\n            RETURN NULL;\n        ",
                    hash="c7af86cf269b243425f958d922448b2304387eda",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_e3353",
                    table="clinic_check",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="count_versions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) - 'shown_at' IS DISTINCT FROM to_jsonb(OLD) - 'shown_at' THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d0ba59fa837dd6172f229ce2306e8b991353562a",
                    operation="UPDATE",
                    pgid="pgtrigger_count_versions_ed6d5",
                    table="clinic_course",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_shown_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                NEW.shown_at = NEW.changed_at;\n            ELSE\n                NEW.shown_at = greatest(NEW.shown_at, NEW.changed_at, OLD.shown_at);\n            END IF;\n            RETURN NEW;\n        ",
                    hash="3b5e005b40e983680c657004679e46c2af09b957",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_keep_shown_at_ae7fe",
                    table="clinic_course",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch" IS DISTINCT FROM (NEW."batch") OR OLD."calendar_checked_at" IS DISTINCT FROM (NEW."calendar_checked_at") OR OLD."calendar_checked_by_id" IS DISTINCT FROM (NEW."calendar_checked_by_id") OR OLD."calendar_digest" IS DISTINCT FROM (NEW."calendar_digest") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."changed_by_id" IS DISTINCT FROM (NEW."changed_by_id") OR OLD."choices" IS DISTINCT FROM (NEW."choices") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."drug_id" IS DISTINCT FROM (NEW."drug_id") OR OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_dose_on" IS DISTINCT FROM (NEW."last_dose_on") OR OLD."length_cm" IS DISTINCT FROM (NEW."length_cm") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."planned_last_dose_on" IS DISTINCT FROM (NEW."planned_last_dose_on") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."protocol_edition_id" IS DISTINCT FROM (NEW."protocol_edition_id") OR OLD."start_on" IS DISTINCT FROM (NEW."start_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stop_reason" IS DISTINCT FROM (NEW."stop_reason") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."weight_kg" IS DISTINCT FROM (NEW."weight_kg"))',
                    func='INSERT INTO "clinic_courseevent" ("batch", "calendar_checked_at", "calendar_checked_by_id", "calendar_digest", "changed_at", "changed_by_id", "choices", "created_at", "created_by_id", "drug_id", "enrolment_id", "id", "last_dose_on", "length_cm", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_last_dose_on", "product_id", "protocol_edition_id", "start_on", "status", "stop_reason", "uid", "version", "weight_kg") VALUES (NEW."batch", NEW."calendar_checked_at", NEW."calendar_checked_by_id", NEW."calendar_digest", NEW."changed_at", NEW."changed_by_id", NEW."choices", NEW."created_at", NEW."created_by_id", NEW."drug_id", NEW."enrolment_id", NEW."id", NEW."last_dose_on", NEW."length_cm", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_last_dose_on", NEW."product_id", NEW."protocol_edition_id", NEW."start_on", NEW."status", NEW."stop_reason", NEW."uid", NEW."version", NEW."weight_kg"); RETURN NULL;',
                    hash="e49a2c1d9ea91bee92fbfaa458d68a9042f2531b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_08907",
                    table="clinic_course",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coursestart",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.id = NEW.course_id AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="ec9268f184a0f87f1c931366f1e3a1a671ba63ed",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_28c80",
                    table="clinic_coursestart",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dosechange",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.id = NEW.course_id AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="76555e1e7b6f87f497f332298eb2b8d7fc178da7",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_45a06",
                    table="clinic_dosechange",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dosedecision",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.id = NEW.course_id AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="9e81883053497968c72dc945ed0054ddb55bf9f5",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_288f0",
                    table="clinic_dosedecision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolmentstep",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_patient",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_patient AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.id = NEW.patient_id AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="f4c013ff92187db709a10fb18f660a8cc5cb7151",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_patient_838f9",
                    table="clinic_enrolmentstep",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hold",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.id = NEW.course_id AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="4aa2db109e122e66b53f2bb108adb5ec01e5a704",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_20dd2",
                    table="clinic_hold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holdend",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.id = NEW.course_id AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="8aee856215ab32236f0cb9882115c94369055846",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_4dbb1",
                    table="clinic_holdend",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="count_versions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) - 'shown_at' IS DISTINCT FROM to_jsonb(OLD) - 'shown_at' THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="68389a12f11bb50e930c8dbfcf118d1ad177a809",
                    operation="UPDATE",
                    pgid="pgtrigger_count_versions_9c97f",
                    table="clinic_patient",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_shown_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                NEW.shown_at = NEW.changed_at;\n            ELSE\n                NEW.shown_at = greatest(NEW.shown_at, NEW.changed_at, OLD.shown_at);\n            END IF;\n            RETURN NEW;\n        ",
                    hash="c087c45981b7a5fb11543d110a04b6a1f7f5086c",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_keep_shown_at_c9368",
                    table="clinic_patient",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."changed_by_id" IS DISTINCT FROM (NEW."changed_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."family_name" IS DISTINCT FROM (NEW."family_name") OR OLD."gestation_days" IS DISTINCT FROM (NEW."gestation_days") OR OLD."gestation_weeks" IS DISTINCT FROM (NEW."gestation_weeks") OR OLD."given_names" IS DISTINCT FROM (NEW."given_names") OR OLD."household" IS DISTINCT FROM (NEW."household") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_synthetic" IS DISTINCT FROM (NEW."is_synthetic") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."needs_interpreter" IS DISTINCT FROM (NEW."needs_interpreter") OR OLD."replaced_by_id" IS DISTINCT FROM (NEW."replaced_by_id") OR OLD."sex" IS DISTINCT FROM (NEW."sex") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "clinic_patientevent" ("birth_date", "changed_at", "changed_by_id", "created_at", "created_by_id", "family_name", "gestation_days", "gestation_weeks", "given_names", "household", "id", "is_synthetic", "language", "needs_interpreter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "sex", "uid", "version") VALUES (NEW."birth_date", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."family_name", NEW."gestation_days", NEW."gestation_weeks", NEW."given_names", NEW."household", NEW."id", NEW."is_synthetic", NEW."language", NEW."needs_interpreter", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaced_by_id", NEW."sex", NEW."uid", NEW."version"); RETURN NULL;',
                    hash="12be50674f8e28f059c39e121797a5d8dda79651",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_87142",
                    table="clinic_patient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_patient",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_patient AS shown SET shown_at = NEW.changed_at\n            WHERE shown.id = NEW.patient_id AND shown.shown_at < NEW.changed_at;\n            RETURN NULL;\n        ",
                    hash="f8b78ca52877dd1f087250ffb6ff7a194e36e8be",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_show_with_patient_8ceb4",
                    table="clinic_patientidentifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referralreason",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_course",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_course AS shown SET shown_at = NEW.created_at\n            WHERE shown.patient_id = (SELECT patient_id FROM clinic_referral WHERE id = NEW.referral_id) AND shown.shown_at < NEW.created_at;\n            RETURN NULL;\n        ",
                    hash="045e12545fe776f535b1d241a55b5a2d8f28cd1a",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_course_5f8d8",
                    table="clinic_referralreason",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="patient",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False),
        ),
        migrations.AlterField(
            model_name="course",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False),
        ),
    ]
