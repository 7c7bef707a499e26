"""When an escalation and a referral last changed with all that is shown of them; facts in order of record."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What the triggers will keep from here on, reckoned once for the rows that are there.
FILL = (
    """
    UPDATE clinic_escalation AS shown SET shown_at = greatest(
        changed_at,
        (
            SELECT max(recorded_at) FROM clinic_familytold
            WHERE subject_uid = shown.uid AND subject_kind = 'escalation'
        )
    )
    """,
    """
    UPDATE clinic_referral AS shown SET shown_at = greatest(
        changed_at,
        (SELECT max(changed_at) FROM clinic_referralreason WHERE referral_id = shown.id),
        (
            SELECT max(recorded_at) FROM clinic_familytold
            WHERE subject_uid = shown.uid AND subject_kind = 'referral'
        )
    )
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0005_when_what_is_shown_last_changed"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="escalation",
            name="count_versions",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="escalation",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="count_versions",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="update_update",
        ),
        migrations.AddField(
            model_name="escalation",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="bloodpressure",
            index=models.Index(fields=["recorded_at", "uid"], name="bloodpressure_as_recorded"),
        ),
        migrations.AddIndex(
            model_name="eeg",
            index=models.Index(fields=["recorded_at", "uid"], name="eeg_as_recorded"),
        ),
        migrations.AddIndex(
            model_name="measurement",
            index=models.Index(fields=["recorded_at", "uid"], name="measurement_as_recorded"),
        ),
        migrations.AddIndex(
            model_name="spasmreport",
            index=models.Index(fields=["recorded_at", "uid"], name="spasmreport_as_recorded"),
        ),
        migrations.AddIndex(
            model_name="visionexam",
            index=models.Index(fields=["recorded_at", "uid"], name="visionexam_as_recorded"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="count_versions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) - 'shown_at' IS DISTINCT FROM to_jsonb(OLD) - 'shown_at' THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5f8a557182a8aa9f9c04844a8c0fb533164197b7",
                    operation="UPDATE",
                    pgid="pgtrigger_count_versions_ed676",
                    table="clinic_escalation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_shown_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                NEW.shown_at = NEW.changed_at;\n            ELSE\n                NEW.shown_at = greatest(NEW.shown_at, NEW.changed_at, OLD.shown_at);\n            END IF;\n            RETURN NEW;\n        ",
                    hash="7ac21e06d18352dd8ac0ab081ead6d30b0059e69",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_keep_shown_at_76666",
                    table="clinic_escalation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."acknowledged_by_id" IS DISTINCT FROM (NEW."acknowledged_by_id") OR OLD."act_by_on" IS DISTINCT FROM (NEW."act_by_on") OR OLD."asks_for" IS DISTINCT FROM (NEW."asks_for") OR OLD."assigned_to_id" IS DISTINCT FROM (NEW."assigned_to_id") OR OLD."because" IS DISTINCT FROM (NEW."because") OR OLD."cause" IS DISTINCT FROM (NEW."cause") OR OLD."chain" IS DISTINCT FROM (NEW."chain") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."changed_by_id" IS DISTINCT FROM (NEW."changed_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parked_until_on" IS DISTINCT FROM (NEW."parked_until_on") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."raised_at" IS DISTINCT FROM (NEW."raised_at") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."recipients" IS DISTINCT FROM (NEW."recipients") OR OLD."resolved_on" IS DISTINCT FROM (NEW."resolved_on") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."spoke_at" IS DISTINCT FROM (NEW."spoke_at") OR OLD."spoke_by_id" IS DISTINCT FROM (NEW."spoke_by_id") OR OLD."spoke_to" IS DISTINCT FROM (NEW."spoke_to") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."withdrawn_on" IS DISTINCT FROM (NEW."withdrawn_on"))',
                    func='INSERT INTO "clinic_escalationevent" ("acknowledged_at", "acknowledged_by_id", "act_by_on", "asks_for", "assigned_to_id", "because", "cause", "chain", "changed_at", "changed_by_id", "created_at", "created_by_id", "enrolment_id", "id", "name", "parked_until_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "raised_at", "raised_on", "recipients", "resolved_on", "rule", "spoke_at", "spoke_by_id", "spoke_to", "state", "uid", "urgency", "version", "withdrawn_on") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."act_by_on", NEW."asks_for", NEW."assigned_to_id", NEW."because", NEW."cause", NEW."chain", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."enrolment_id", NEW."id", NEW."name", NEW."parked_until_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."raised_at", NEW."raised_on", NEW."recipients", NEW."resolved_on", NEW."rule", NEW."spoke_at", NEW."spoke_by_id", NEW."spoke_to", NEW."state", NEW."uid", NEW."urgency", NEW."version", NEW."withdrawn_on"); RETURN NULL;',
                    hash="142607e83220449ab3fd1df5ad0db2c8cc77b5d1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fc58a",
                    table="clinic_escalation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familytold",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_escalation",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_escalation AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.uid = NEW.subject_uid AND NEW.subject_kind = 'escalation' AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="87b57564756899658c10d4e677a26119c08a2db0",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_escalation_5e2a0",
                    table="clinic_familytold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familytold",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_referral",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_referral AS shown SET shown_at = NEW.recorded_at\n            WHERE shown.uid = NEW.subject_uid AND NEW.subject_kind = 'referral' AND shown.shown_at < NEW.recorded_at;\n            RETURN NULL;\n        ",
                    hash="6c0f6d19ef3e4f5d52a1f48025e81a2907dbc979",
                    operation="INSERT",
                    pgid="pgtrigger_show_with_referral_ddd3a",
                    table="clinic_familytold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="count_versions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            NEW.version = OLD.version;\n            IF to_jsonb(NEW) - 'shown_at' IS DISTINCT FROM to_jsonb(OLD) - 'shown_at' THEN\n                NEW.version = OLD.version + 1;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="e3668e337c829d9e654cc8a793f9dea8ec08f23f",
                    operation="UPDATE",
                    pgid="pgtrigger_count_versions_351ff",
                    table="clinic_referral",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_shown_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                NEW.shown_at = NEW.changed_at;\n            ELSE\n                NEW.shown_at = greatest(NEW.shown_at, NEW.changed_at, OLD.shown_at);\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a3e7dc64e505e10731132a00c1f286aeb03e41b8",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_keep_shown_at_4db68",
                    table="clinic_referral",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."act_by_on" IS DISTINCT FROM (NEW."act_by_on") OR OLD."ask_again_on" IS DISTINCT FROM (NEW."ask_again_on") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_on" IS DISTINCT FROM (NEW."asked_on") OR OLD."assigned_to_id" IS DISTINCT FROM (NEW."assigned_to_id") OR OLD."basis_withdrawn_on" IS DISTINCT FROM (NEW."basis_withdrawn_on") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."changed_by_id" IS DISTINCT FROM (NEW."changed_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."declined_on" IS DISTINCT FROM (NEW."declined_on") OR OLD."enrolment_id" IS DISTINCT FROM (NEW."enrolment_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."no_lesion_branch" IS DISTINCT FROM (NEW."no_lesion_branch") OR OLD."ordered_by_name" IS DISTINCT FROM (NEW."ordered_by_name") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."outcome_on" IS DISTINCT FROM (NEW."outcome_on") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."received_on" IS DISTINCT FROM (NEW."received_on") OR OLD."seen_on" IS DISTINCT FROM (NEW."seen_on") OR OLD."sent_on" IS DISTINCT FROM (NEW."sent_on") OR OLD."sent_to" IS DISTINCT FROM (NEW."sent_to") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "clinic_referralevent" ("act_by_on", "ask_again_on", "asked_at", "asked_on", "assigned_to_id", "basis_withdrawn_on", "changed_at", "changed_by_id", "created_at", "created_by_id", "declined_on", "enrolment_id", "id", "no_lesion_branch", "ordered_by_name", "outcome", "outcome_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "seen_on", "sent_on", "sent_to", "state", "uid", "version") VALUES (NEW."act_by_on", NEW."ask_again_on", NEW."asked_at", NEW."asked_on", NEW."assigned_to_id", NEW."basis_withdrawn_on", NEW."changed_at", NEW."changed_by_id", NEW."created_at", NEW."created_by_id", NEW."declined_on", NEW."enrolment_id", NEW."id", NEW."no_lesion_branch", NEW."ordered_by_name", NEW."outcome", NEW."outcome_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_on", NEW."seen_on", NEW."sent_on", NEW."sent_to", NEW."state", NEW."uid", NEW."version"); RETURN NULL;',
                    hash="2167d1918d6dbf4054be83b10f2a369e0bb1c90e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_857ec",
                    table="clinic_referral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referralreason",
            trigger=pgtrigger.compiler.Trigger(
                name="show_with_referral",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            UPDATE clinic_referral AS shown SET shown_at = NEW.changed_at\n            WHERE shown.id = NEW.referral_id AND shown.shown_at < NEW.changed_at;\n            RETURN NULL;\n        ",
                    hash="9767559080769d803b927b896fa026b544cd0cd6",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_show_with_referral_01fdb",
                    table="clinic_referralreason",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="escalation",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False),
        ),
        migrations.AlterField(
            model_name="referral",
            name="shown_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False),
        ),
    ]
