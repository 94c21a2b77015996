"""All tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "catalogue_import",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_added", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_catalogue_import")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "fair",
        sa.Column("fair_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_easy", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("signup_deadline", sa.Date(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=False),
        sa.Column("co_organiser", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("how_to_get_there", sa.String(), nullable=False),
        sa.Column("services_available", sa.JSON(), nullable=False),
        sa.Column("travel_support", sa.String(), nullable=False),
        sa.Column("documents_to_bring", sa.JSON(), nullable=False),
        sa.Column("on_site_services", sa.JSON(), nullable=False),
        sa.Column("employer_count", sa.Integer(), nullable=True),
        sa.Column("job_count", sa.Integer(), nullable=True),
        sa.Column("linked_occupations", sa.JSON(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("text_contact", sa.String(), nullable=False),
        sa.Column("policy_profile", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("easy", sa.String(), nullable=False),
        sa.Column("sms", sa.String(), nullable=False),
        sa.Column("called_off", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("fair_id", name=op.f("pk_fair")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "notice_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_group")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_notice_group_region_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pace",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_hash", sa.String(), nullable=True),
        sa.Column("cert_no", sa.LargeBinary(), nullable=True),
        sa.Column("cert_hash", sa.String(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(), nullable=True),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND name_hash IS NULL AND cert_no IS NULL AND cert_hash IS NULL AND phone IS NULL AND phone_hash IS NULL)",
            name=op.f("ck_person_erased_is_empty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_person_cert_hash"), "person", ["cert_hash"], unique=False)
    op.create_index(op.f("ix_person_name_hash"), "person", ["name_hash"], unique=False)
    op.create_index(op.f("ix_person_phone_hash"), "person", ["phone_hash"], unique=False)
    op.create_table(
        "project",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_easy", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("subcategory", sa.String(), nullable=False),
        sa.Column("occupation", sa.String(), nullable=False),
        sa.Column("industry", sa.String(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=False),
        sa.Column("organiser_type", sa.String(), nullable=False),
        sa.Column("commissioned_by", sa.String(), nullable=False),
        sa.Column("household_rule", sa.String(), nullable=False),
        sa.Column("household_place", sa.String(), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("sex_rule", sa.String(), nullable=False),
        sa.Column("disability_categories", sa.JSON(), nullable=False),
        sa.Column("disability_levels", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("employment_status", sa.JSON(), nullable=False),
        sa.Column("priority_groups", sa.JSON(), nullable=False),
        sa.Column("fee_yuan", sa.Integer(), nullable=False),
        sa.Column("extra_modules", sa.JSON(), nullable=False),
        sa.Column("certificate_type", sa.String(), nullable=False),
        sa.Column("certificate_name", sa.String(), nullable=False),
        sa.Column("subsidy_types", sa.JSON(), nullable=False),
        sa.Column("living_subsidy_per_day_yuan", sa.Integer(), nullable=False),
        sa.Column("subsidy_note", sa.String(), nullable=False),
        sa.Column("documents_to_bring", sa.JSON(), nullable=False),
        sa.Column("policy_profile", sa.String(), nullable=False),
        sa.Column("seed_file", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("extra_questions", sa.JSON(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("order_posts", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project")),
    )
    op.create_table(
        "sheet_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("xform", sa.String(), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_form")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_sheet_form_name_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_form_live",
        "sheet_form",
        ["name"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index(op.f("ix_sheet_form_name"), "sheet_form", ["name"], unique=False)
    op.create_table(
        "vault",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_vault")),
    )
    op.create_table(
        "weight",
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_weight")),
    )
    op.create_table(
        "catalogue_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["catalogue_import.number"], name=op.f("fk_catalogue_change_number_catalogue_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_change")),
    )
    op.create_index(op.f("ix_catalogue_change_number"), "catalogue_change", ["number"], unique=False)
    op.create_index("ix_catalogue_change_row", "catalogue_change", ["kind", "key", "number"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("size", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("current_person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["current_person_id"], ["person.id"], name=op.f("fk_contact_current_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_current_person_id"), "contact", ["current_person_id"], unique=False)
    op.create_index(op.f("ix_contact_seen_at"), "contact", ["seen_at"], unique=False)
    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("intake_no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("registration_deadline", sa.Date(), nullable=False),
        sa.Column("list_from", sa.Date(), nullable=True),
        sa.Column("list_until", sa.Date(), nullable=True),
        sa.Column("closed_dates", sa.JSON(), nullable=False),
        sa.Column("training_days", sa.Integer(), nullable=True),
        sa.Column("online_days", sa.Integer(), nullable=True),
        sa.Column("offline_days", sa.Integer(), nullable=True),
        sa.Column("hours_per_day", sa.Float(), nullable=True),
        sa.Column("hours_total", sa.Float(), nullable=True),
        sa.Column("class_start_time", sa.Time(), nullable=True),
        sa.Column("class_end_time", sa.Time(), nullable=True),
        sa.Column("schedule_text", sa.String(), nullable=False),
        sa.Column("time_slot", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("min_to_open", sa.Integer(), nullable=True),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("how_to_get_there", sa.String(), nullable=False),
        sa.Column("venue_type", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("services_available", sa.JSON(), nullable=False),
        sa.Column("lodging_provided", sa.Boolean(), nullable=False),
        sa.Column("meals_provided", sa.Boolean(), nullable=False),
        sa.Column("companion_allowed", sa.Boolean(), nullable=False),
        sa.Column("insurance_provided", sa.Boolean(), nullable=False),
        sa.Column("contact_dept", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("contact_sms", sa.String(), nullable=False),
        sa.Column("contact_by_text", sa.String(), nullable=False),
        sa.Column("supervision_phone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.project_id"], name=op.f("fk_intake_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("project_id", "intake_no", name=op.f("uq_intake_project_id_intake_no")),
    )
    op.create_table(
        "position",
        sa.Column("position_id", sa.String(), nullable=False),
        sa.Column("fair_id", sa.String(), nullable=True),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("disability_categories", sa.JSON(), nullable=False),
        sa.Column("disability_levels", sa.JSON(), nullable=False),
        sa.Column("requirements", sa.String(), nullable=False),
        sa.Column("monthly_salary_yuan", sa.String(), nullable=False),
        sa.Column("working_hours", sa.String(), nullable=False),
        sa.Column("work_location", sa.String(), nullable=False),
        sa.Column("home_based", sa.Boolean(), nullable=False),
        sa.Column("dormitory", sa.Boolean(), nullable=False),
        sa.Column("social_insurance", sa.Boolean(), nullable=False),
        sa.Column("workplace_adjustments", sa.String(), nullable=False),
        sa.Column("linked_occupation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.fair_id"], name=op.f("fk_position_fair_id_fair")),
        sa.PrimaryKeyConstraint("position_id", name=op.f("pk_position")),
    )
    op.create_index(op.f("ix_position_fair_id"), "position", ["fair_id"], unique=False)
    op.create_table(
        "reminderwish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("helpers_too", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminderwish_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminderwish")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("shown_prompt", sa.Integer(), nullable=False),
        sa.Column("shown_message", sa.Integer(), nullable=False),
        sa.Column("on_page", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_account_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("channel", "address_hash", name=op.f("uq_account_channel_address_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_contact_id"), "account", ["contact_id"], unique=False)
    op.create_table(
        "answer_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_answer_set_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_set_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_set")),
        sa.UniqueConstraint("key", name=op.f("uq_answer_set_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_answer_set_at"), "answer_set", ["at"], unique=False)
    op.create_index(op.f("ix_answer_set_contact_id"), "answer_set", ["contact_id"], unique=False)
    op.create_index("ix_answer_set_form", "answer_set", ["form", "intake_id"], unique=False)
    op.create_index(op.f("ix_answer_set_intake_id"), "answer_set", ["intake_id"], unique=False)
    op.create_index(op.f("ix_answer_set_person_id"), "answer_set", ["person_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("wording_version", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= at", name=op.f("ck_consent_withdrawn_after")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_consent_contact_id_contact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_contact_id"), "consent", ["contact_id"], unique=False)
    op.create_index("ix_consent_latest", "consent", ["person_id", "purpose", "at"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_conversation_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_conversation")),
    )
    op.create_index(op.f("ix_conversation_touched_at"), "conversation", ["touched_at"], unique=False)
    op.create_table(
        "course_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("session_no", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intake.id"], name=op.f("fk_course_session_intake_id_intake")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_session")),
        sa.UniqueConstraint("intake_id", "session_no", name=op.f("uq_course_session_intake_id_session_no")),
    )
    op.create_index(op.f("ix_course_session_day"), "course_session", ["day"], unique=False)
    op.create_table(
        "fair_signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=False),
        sa.Column("positions", sa.JSON(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("intention", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_fair_signup_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.fair_id"], name=op.f("fk_fair_signup_fair_id_fair")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fair_signup_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_signup")),
        sa.UniqueConstraint("fair_id", "number", name=op.f("uq_fair_signup_fair_id_number")),
        sa.UniqueConstraint("fair_id", "person_id", name=op.f("uq_fair_signup_fair_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_fair_signup_contact_id"), "fair_signup", ["contact_id"], unique=False)
    op.create_index(op.f("ix_fair_signup_person_id"), "fair_signup", ["person_id"], unique=False)
    op.create_table(
        "go_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_go_token_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_go_token_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_go_token_contact_id"), "go_token", ["contact_id"], unique=False)
    op.create_index(op.f("ix_go_token_expires_at"), "go_token", ["expires_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_inbox_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_inbox_channel_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbox_at"), "inbox", ["at"], unique=False)
    op.create_index(op.f("ix_inbox_contact_id"), "inbox", ["contact_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_message_outbox_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_page", "message", ["contact_id", "id"], unique=False)
    op.create_table(
        "refusal",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_refusal_contact_id_contact")),
        sa.PrimaryKeyConstraint("contact_id", "topic", name=op.f("pk_refusal")),
    )
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("powers", sa.JSON(), nullable=False),
        sa.Column("basis", sa.LargeBinary(), nullable=True),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= started_at", name=op.f("ck_relation_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_relation_contact_id_contact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_relation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_relation_contact_id"), "relation", ["contact_id"], unique=False)
    op.create_index(op.f("ix_relation_person_id"), "relation", ["person_id"], unique=False)
    op.create_index(
        "uq_relation_active",
        "relation",
        ["contact_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_of", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_reminder_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("key", name=op.f("uq_reminder_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reminder_contact_id"), "reminder", ["contact_id"], unique=False)
    op.create_index(
        "ix_reminder_waiting",
        "reminder",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("projects", sa.JSON(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_staff_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_contact_id"), "staff", ["contact_id"], unique=False)
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0 AND size <= 20971520", name=op.f("ck_stored_file_size_limit")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_stored_file_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stored_file_contact_id"), "stored_file", ["contact_id"], unique=False)
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("by_family", sa.Boolean(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_tally_intake_id_intake")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.UniqueConstraint(
            "intake_id",
            "form",
            "wave",
            "item",
            "value",
            "by_family",
            "month",
            name=op.f("uq_tally_intake_id_form_wave_item_value_by_family_month"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_tally_item",
        "tally",
        ["form", "wave", "item", "intake_id", "by_family", "month", "value", "count"],
        unique=False,
    )
    op.create_table(
        "wanted",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_wanted_contact_id_contact")),
        sa.PrimaryKeyConstraint("contact_id", "topic", name=op.f("pk_wanted")),
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.Column("how_far", sa.String(), nullable=False),
        sa.Column("free_time", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_with", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_wish_contact_id_contact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wish_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wish_contact_id"), "wish", ["contact_id"], unique=False)
    op.create_index(
        "ix_wish_open",
        "wish",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_wish_person_id"), "wish", ["person_id"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("applicant_role", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("flow_revision", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_reason", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("open_needs", sa.Integer(), nullable=False),
        sa.Column("coming", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_application_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_application_intake_id_intake")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_person_id_person")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_application_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_application_contact_id"), "application", ["contact_id"], unique=False)
    op.create_index(
        "ix_application_list",
        "application",
        ["state", "rank", "submitted_at", "id", "open_needs", "intake_id"],
        unique=False,
    )
    op.create_index(
        "ix_application_needs",
        "application",
        ["rank", "submitted_at", "id"],
        unique=False,
        sqlite_where=sa.text("open_needs > 0"),
        postgresql_where=sa.text("open_needs > 0"),
    )
    op.create_index("ix_application_order", "application", ["rank", "submitted_at", "id"], unique=False)
    op.create_index(op.f("ix_application_person_id"), "application", ["person_id"], unique=False)
    op.create_index("ix_application_queue", "application", ["intake_id", "state", "open_needs"], unique=False)
    op.create_index(
        "uq_application_live",
        "application",
        ["person_id", "intake_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('withdrawn', 'declined')"),
        postgresql_where=sa.text("state NOT IN ('withdrawn', 'declined')"),
    )
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_arrangement_intake_id_intake")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_arrangement_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement")),
        sa.UniqueConstraint("intake_id", "code", name=op.f("uq_arrangement_intake_id_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_change_intake_id_intake")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_change_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_intake_id"), "change", ["intake_id"], unique=False)
    op.create_table(
        "fair_arrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.fair_id"], name=op.f("fk_fair_arrangement_fair_id_fair")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_fair_arrangement_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_arrangement")),
        sa.UniqueConstraint("fair_id", "code", name=op.f("uq_fair_arrangement_fair_id_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "intake_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_step_intake_id_intake")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_intake_step_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_step")),
        sa.UniqueConstraint("intake_id", "step", name=op.f("uq_intake_step_intake_id_step")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "listed_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("village", sa.LargeBinary(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_listed_name_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_listed_name_intake_id_intake")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_listed_name_person_id_person")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_listed_name_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_listed_name_contact_id"), "listed_name", ["contact_id"], unique=False)
    op.create_index(op.f("ix_listed_name_created_at"), "listed_name", ["created_at"], unique=False)
    op.create_index(op.f("ix_listed_name_person_id"), "listed_name", ["person_id"], unique=False)
    op.create_index(op.f("ix_listed_name_staff_id"), "listed_name", ["staff_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("night", sa.String(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("in_chat", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asking", sa.Integer(), nullable=False),
        sa.Column("gone_through", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("halted", sa.String(), nullable=False),
        sa.Column("elsewhere", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_notice_asked_by_staff")),
        sa.ForeignKeyConstraint(["sent_by"], ["staff.id"], name=op.f("fk_notice_sent_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_notice_moving",
        "notice",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_notice_staff_id"), "notice", ["staff_id"], unique=False)
    op.create_table(
        "notice_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_photo", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_file_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_file_at"), "notice_file", ["at"], unique=False)
    op.create_table(
        "staff_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_link_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_link_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_link_expires_at"), "staff_link", ["expires_at"], unique=False)
    op.create_index(op.f("ix_staff_link_staff_id"), "staff_link", ["staff_id"], unique=False)
    op.create_table(
        "staff_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_visit_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_visit")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_staff_visit_key_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_visit_seen_at"), "staff_visit", ["seen_at"], unique=False)
    op.create_index(op.f("ix_staff_visit_staff_id"), "staff_visit", ["staff_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("total >= 0 AND done >= 0", name=op.f("ck_upload_counted")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_upload_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_upload_created_at"), "upload", ["created_at"], unique=False)
    op.create_index(op.f("ix_upload_staff_id"), "upload", ["staff_id"], unique=False)
    op.create_index(op.f("ix_upload_state"), "upload", ["state"], unique=False)
    op.create_table(
        "application_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_event_application_id_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_application_event_application_id"), "application_event", ["application_id"], unique=False
    )
    op.create_table(
        "assent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("wording_version", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_assent_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_assent_application_id"), "assent", ["application_id"], unique=False)
    op.create_index(op.f("ix_assent_person_id"), "assent", ["person_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_attendance_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["course_session.id"], name=op.f("fk_attendance_session_id_course_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "session_id", "application_id", name=op.f("uq_attendance_session_id_application_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attendance_application_id"), "attendance", ["application_id"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "application_id IS NOT NULL OR signup_id IS NOT NULL", name=op.f("ck_call_some_matter")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_call_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["fair_signup.id"], name=op.f("fk_call_signup_id_fair_signup")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_call_application_id"), "call", ["application_id"], unique=False)
    op.create_index(op.f("ix_call_signup_id"), "call", ["signup_id"], unique=False)
    op.create_index(
        "ix_call_waiting",
        "call",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("recheck", sa.String(), nullable=False),
        sa.Column("recheck_note", sa.LargeBinary(), nullable=True),
        sa.Column("answer_set_id", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_callback_application_id_application")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_callback_intake_id_intake")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_callback_person_id_person")),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["fair_signup.id"], name=op.f("fk_callback_signup_id_fair_signup")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_callback_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("key", name=op.f("uq_callback_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_callback_application_id"), "callback", ["application_id"], unique=False)
    op.create_index(op.f("ix_callback_intake_id"), "callback", ["intake_id"], unique=False)
    op.create_index(op.f("ix_callback_person_id"), "callback", ["person_id"], unique=False)
    op.create_index(op.f("ix_callback_signup_id"), "callback", ["signup_id"], unique=False)
    op.create_index(op.f("ix_callback_staff_id"), "callback", ["staff_id"], unique=False)
    op.create_index("ix_callback_standing", "callback", ["kind", "intake_id", "state"], unique=False)
    op.create_index(op.f("ix_callback_state"), "callback", ["state"], unique=False)
    op.create_index(
        "ix_callback_to_call",
        "callback",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'to_call'"),
        postgresql_where=sa.text("state = 'to_call'"),
    )
    op.create_table(
        "claim_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("claim", sa.LargeBinary(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_claim_check_application_id_application")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_claim_check_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_check")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_claim_check_application_id"), "claim_check", ["application_id"], unique=False)
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_confirmation_application_id_application")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_confirmation_change_id_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint(
            "change_id", "application_id", name=op.f("uq_confirmation_change_id_application_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_confirmation_application_id"), "confirmation", ["application_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answer_note", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_need_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_need_application_id"), "need", ["application_id"], unique=False)
    op.create_table(
        "notice_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("easy", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("sms", sa.String(), nullable=False),
        sa.Column("call_script", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_words", sa.String(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["notice_file.id"], name=op.f("fk_notice_text_file_id_notice_file")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_text_notice_id_notice")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_text_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_text")),
        sa.UniqueConstraint("notice_id", "version", name=op.f("uq_notice_text_notice_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_text_staff_id"), "notice_text", ["staff_id"], unique=False)
    op.create_table(
        "notice_told",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_told_notice_id_notice")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_told_person_id_person")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_told_staff_id_staff")),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_notice_told")),
    )
    op.create_index(op.f("ix_notice_told_person_id"), "notice_told", ["person_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_offer_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_offer_application_id"), "offer", ["application_id"], unique=False)
    op.create_index(
        "ix_offer_lapsing",
        "offer",
        ["lapses_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_offer_open",
        "offer",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drop_reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("perhaps_twice", sa.Boolean(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("dropped_at IS NULL OR drop_reason <> ''", name=op.f("ck_outbox_drop_has_reason")),
        sa.CheckConstraint(
            "contact_id IS NOT NULL OR account_id IS NOT NULL", name=op.f("ck_outbox_has_receiver")
        ),
        sa.CheckConstraint("sent_at IS NULL OR dropped_at IS NULL", name=op.f("ck_outbox_one_end")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outbox_account_id_account")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_outbox_contact_id_contact")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_outbox_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_account_id"), "outbox", ["account_id"], unique=False)
    op.create_index(op.f("ix_outbox_contact_id"), "outbox", ["contact_id"], unique=False)
    op.create_index(
        "ix_outbox_notice_fate",
        "outbox",
        ["notice_id", "fate"],
        unique=False,
        sqlite_where=sa.text("notice_id IS NOT NULL"),
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_notice_marked",
        "outbox",
        ["notice_id"],
        unique=False,
        sqlite_where=sa.text("(replied_at IS NOT NULL OR perhaps_twice)"),
        postgresql_where=sa.text("(replied_at IS NOT NULL OR perhaps_twice)"),
    )
    op.create_index(
        "ix_outbox_notice_waiting",
        "outbox",
        ["notice_id", "channel", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NOT NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["lane", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NULL"),
    )
    op.create_index(
        "uq_outbox_notice",
        "outbox",
        ["notice_id", "contact_id"],
        unique=True,
        sqlite_where=sa.text("notice_id IS NOT NULL"),
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("certificate_no", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_result_application_id_application")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_result_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("application_id", name=op.f("uq_result_application_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_staff_question_application_id_application")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_question_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_question")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_staff_question_application_id"), "staff_question", ["application_id"], unique=False
    )
    op.create_table(
        "upload_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_upload_page_upload_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_page")),
        sa.UniqueConstraint("upload_id", "kind", "page", name=op.f("uq_upload_page_upload_id_kind_page")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "call_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("by_text", sa.Boolean(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name=op.f("fk_call_try_callback_id_callback")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_try_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_try")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_call_try_callback_id"), "call_try", ["callback_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("about_application_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("relay_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.String(), nullable=False),
        sa.Column("word_hash", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("callback_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "NOT anonymous OR (contact_id IS NULL AND person_id IS NULL AND about_application_id IS NULL)",
            name=op.f("ck_ticket_anonymous_is_nobody"),
        ),
        sa.ForeignKeyConstraint(
            ["about_application_id"],
            ["application.id"],
            name=op.f("fk_ticket_about_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name=op.f("fk_ticket_callback_id_callback")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_ticket_contact_id_contact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ticket_person_id_person")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
        sa.UniqueConstraint("word_hash", name=op.f("uq_ticket_word_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ticket_about_application_id"), "ticket", ["about_application_id"], unique=False)
    op.create_index(op.f("ix_ticket_callback_id"), "ticket", ["callback_id"], unique=False)
    op.create_index(op.f("ix_ticket_contact_id"), "ticket", ["contact_id"], unique=False)
    op.create_index(op.f("ix_ticket_person_id"), "ticket", ["person_id"], unique=False)
    op.create_index(op.f("ix_ticket_staff_id"), "ticket", ["staff_id"], unique=False)
    op.create_index(
        "ix_ticket_waiting",
        "ticket",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'taken')"),
        postgresql_where=sa.text("state IN ('open', 'taken')"),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_employer_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id_person")),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.position_id"], name=op.f("fk_interest_position_id_position")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_interest_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("person_id", "position_id", name=op.f("uq_interest_person_id_position_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_interest_person_id"), "interest", ["person_id"], unique=False)
    op.create_table(
        "ticket_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_line_staff_id_staff")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_line_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_line")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ticket_line_ticket_id"), "ticket_line", ["ticket_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_line_ticket_id"), table_name="ticket_line")
    op.drop_table("ticket_line")
    op.drop_index(op.f("ix_interest_person_id"), table_name="interest")
    op.drop_table("interest")
    op.drop_index(
        "ix_ticket_waiting",
        table_name="ticket",
        sqlite_where=sa.text("state IN ('open', 'taken')"),
        postgresql_where=sa.text("state IN ('open', 'taken')"),
    )
    op.drop_index(op.f("ix_ticket_staff_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_person_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_contact_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_callback_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_about_application_id"), table_name="ticket")
    op.drop_table("ticket")
    op.drop_index(op.f("ix_call_try_callback_id"), table_name="call_try")
    op.drop_table("call_try")
    op.drop_table("upload_page")
    op.drop_index(op.f("ix_staff_question_application_id"), table_name="staff_question")
    op.drop_table("staff_question")
    op.drop_table("result")
    op.drop_index(
        "uq_outbox_notice",
        table_name="outbox",
        sqlite_where=sa.text("notice_id IS NOT NULL"),
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_waiting",
        table_name="outbox",
        sqlite_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_sent_at"), table_name="outbox")
    op.drop_index(
        "ix_outbox_notice_waiting",
        table_name="outbox",
        sqlite_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NOT NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND dropped_at IS NULL AND notice_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_notice_marked",
        table_name="outbox",
        sqlite_where=sa.text("(replied_at IS NOT NULL OR perhaps_twice)"),
        postgresql_where=sa.text("(replied_at IS NOT NULL OR perhaps_twice)"),
    )
    op.drop_index(
        "ix_outbox_notice_fate",
        table_name="outbox",
        sqlite_where=sa.text("notice_id IS NOT NULL"),
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_outbox_contact_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_account_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(
        "uq_offer_open",
        table_name="offer",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_offer_lapsing",
        table_name="offer",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_offer_application_id"), table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_notice_told_person_id"), table_name="notice_told")
    op.drop_table("notice_told")
    op.drop_index(op.f("ix_notice_text_staff_id"), table_name="notice_text")
    op.drop_table("notice_text")
    op.drop_index(op.f("ix_need_application_id"), table_name="need")
    op.drop_table("need")
    op.drop_index(op.f("ix_confirmation_application_id"), table_name="confirmation")
    op.drop_table("confirmation")
    op.drop_index(op.f("ix_claim_check_application_id"), table_name="claim_check")
    op.drop_table("claim_check")
    op.drop_index(
        "ix_callback_to_call",
        table_name="callback",
        sqlite_where=sa.text("state = 'to_call'"),
        postgresql_where=sa.text("state = 'to_call'"),
    )
    op.drop_index(op.f("ix_callback_state"), table_name="callback")
    op.drop_index("ix_callback_standing", table_name="callback")
    op.drop_index(op.f("ix_callback_staff_id"), table_name="callback")
    op.drop_index(op.f("ix_callback_signup_id"), table_name="callback")
    op.drop_index(op.f("ix_callback_person_id"), table_name="callback")
    op.drop_index(op.f("ix_callback_intake_id"), table_name="callback")
    op.drop_index(op.f("ix_callback_application_id"), table_name="callback")
    op.drop_table("callback")
    op.drop_index(
        "ix_call_waiting",
        table_name="call",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_index(op.f("ix_call_signup_id"), table_name="call")
    op.drop_index(op.f("ix_call_application_id"), table_name="call")
    op.drop_table("call")
    op.drop_index(op.f("ix_attendance_application_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_assent_person_id"), table_name="assent")
    op.drop_index(op.f("ix_assent_application_id"), table_name="assent")
    op.drop_table("assent")
    op.drop_index(op.f("ix_application_event_application_id"), table_name="application_event")
    op.drop_table("application_event")
    op.drop_index(op.f("ix_upload_state"), table_name="upload")
    op.drop_index(op.f("ix_upload_staff_id"), table_name="upload")
    op.drop_index(op.f("ix_upload_created_at"), table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("ix_staff_visit_staff_id"), table_name="staff_visit")
    op.drop_index(op.f("ix_staff_visit_seen_at"), table_name="staff_visit")
    op.drop_table("staff_visit")
    op.drop_index(op.f("ix_staff_link_staff_id"), table_name="staff_link")
    op.drop_index(op.f("ix_staff_link_expires_at"), table_name="staff_link")
    op.drop_table("staff_link")
    op.drop_index(op.f("ix_notice_file_at"), table_name="notice_file")
    op.drop_table("notice_file")
    op.drop_index(op.f("ix_notice_staff_id"), table_name="notice")
    op.drop_index(
        "ix_notice_moving",
        table_name="notice",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("notice")
    op.drop_index(op.f("ix_listed_name_staff_id"), table_name="listed_name")
    op.drop_index(op.f("ix_listed_name_person_id"), table_name="listed_name")
    op.drop_index(op.f("ix_listed_name_created_at"), table_name="listed_name")
    op.drop_index(op.f("ix_listed_name_contact_id"), table_name="listed_name")
    op.drop_table("listed_name")
    op.drop_table("intake_step")
    op.drop_table("fair_arrangement")
    op.drop_index(op.f("ix_change_intake_id"), table_name="change")
    op.drop_table("change")
    op.drop_table("arrangement")
    op.drop_index(
        "uq_application_live",
        table_name="application",
        sqlite_where=sa.text("state NOT IN ('withdrawn', 'declined')"),
        postgresql_where=sa.text("state NOT IN ('withdrawn', 'declined')"),
    )
    op.drop_index("ix_application_queue", table_name="application")
    op.drop_index(op.f("ix_application_person_id"), table_name="application")
    op.drop_index("ix_application_order", table_name="application")
    op.drop_index(
        "ix_application_needs",
        table_name="application",
        sqlite_where=sa.text("open_needs > 0"),
        postgresql_where=sa.text("open_needs > 0"),
    )
    op.drop_index("ix_application_list", table_name="application")
    op.drop_index(op.f("ix_application_contact_id"), table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_wish_person_id"), table_name="wish")
    op.drop_index(
        "ix_wish_open",
        table_name="wish",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_wish_contact_id"), table_name="wish")
    op.drop_table("wish")
    op.drop_table("wanted")
    op.drop_index("ix_tally_item", table_name="tally")
    op.drop_table("tally")
    op.drop_index(op.f("ix_stored_file_contact_id"), table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_index(op.f("ix_staff_contact_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(
        "ix_reminder_waiting",
        table_name="reminder",
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.drop_index(op.f("ix_reminder_contact_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(
        "uq_relation_active",
        table_name="relation",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_relation_person_id"), table_name="relation")
    op.drop_index(op.f("ix_relation_contact_id"), table_name="relation")
    op.drop_table("relation")
    op.drop_table("refusal")
    op.drop_index("ix_message_page", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_inbox_contact_id"), table_name="inbox")
    op.drop_index(op.f("ix_inbox_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("ix_go_token_expires_at"), table_name="go_token")
    op.drop_index(op.f("ix_go_token_contact_id"), table_name="go_token")
    op.drop_table("go_token")
    op.drop_index(op.f("ix_fair_signup_person_id"), table_name="fair_signup")
    op.drop_index(op.f("ix_fair_signup_contact_id"), table_name="fair_signup")
    op.drop_table("fair_signup")
    op.drop_index(op.f("ix_course_session_day"), table_name="course_session")
    op.drop_table("course_session")
    op.drop_index(op.f("ix_conversation_touched_at"), table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_consent_latest", table_name="consent")
    op.drop_index(op.f("ix_consent_contact_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_answer_set_person_id"), table_name="answer_set")
    op.drop_index(op.f("ix_answer_set_intake_id"), table_name="answer_set")
    op.drop_index("ix_answer_set_form", table_name="answer_set")
    op.drop_index(op.f("ix_answer_set_contact_id"), table_name="answer_set")
    op.drop_index(op.f("ix_answer_set_at"), table_name="answer_set")
    op.drop_table("answer_set")
    op.drop_index(op.f("ix_account_contact_id"), table_name="account")
    op.drop_table("account")
    op.drop_table("reminderwish")
    op.drop_index(op.f("ix_position_fair_id"), table_name="position")
    op.drop_table("position")
    op.drop_table("intake")
    op.drop_index(op.f("ix_contact_seen_at"), table_name="contact")
    op.drop_index(op.f("ix_contact_current_person_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_catalogue_change_row", table_name="catalogue_change")
    op.drop_index(op.f("ix_catalogue_change_number"), table_name="catalogue_change")
    op.drop_table("catalogue_change")
    op.drop_table("weight")
    op.drop_table("vault")
    op.drop_index(op.f("ix_sheet_form_name"), table_name="sheet_form")
    op.drop_index(
        "ix_form_live",
        table_name="sheet_form",
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.drop_table("sheet_form")
    op.drop_table("project")
    op.drop_index(op.f("ix_person_phone_hash"), table_name="person")
    op.drop_index(op.f("ix_person_name_hash"), table_name="person")
    op.drop_index(op.f("ix_person_cert_hash"), table_name="person")
    op.drop_table("person")
    op.drop_table("pace")
    op.drop_table("notice_group")
    op.drop_table("lease")
    op.drop_table("fair")
    op.drop_table("counter")
    op.drop_table("catalogue_import")
    op.drop_index("ix_audit_subject", table_name="audit")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
