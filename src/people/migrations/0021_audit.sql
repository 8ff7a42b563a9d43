-- The audit trail: lines, the head of their chain, and anchors where old lines were pruned.
-- The database itself refuses to change or remove lines, to add any but the next one, and to
-- remove those that no anchor stands for.

CREATE TABLE audit_lines (
    seq {{int}} NOT NULL PRIMARY KEY,
    at_us {{int}} NOT NULL,
    account_id {{int}},
    account_login {{text}} NOT NULL,
    account_name {{text}} NOT NULL,
    unit_id {{int}},
    address {{text}} NOT NULL,
    agent {{text}} NOT NULL,
    action {{text}} NOT NULL,
    subject_kind {{text}} NOT NULL,
    subject_id {{int}},
    subject_name {{text}} NOT NULL,
    subject_unit_id {{int}},
    before_json {{text}} NOT NULL,
    after_json {{text}} NOT NULL,
    previous {{bytes}} NOT NULL,
    self {{bytes}} NOT NULL
){{strict}};

CREATE INDEX audit_lines_by_time ON audit_lines (at_us, seq);
CREATE INDEX audit_lines_by_subject ON audit_lines (subject_kind, subject_id, seq);
CREATE INDEX audit_lines_by_action ON audit_lines (action, seq);

CREATE TABLE audit_heads (
    id {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    seq {{int}} NOT NULL,
    self {{bytes}} NOT NULL
){{strict}};

CREATE TABLE audit_anchors (
    seq {{int}} NOT NULL PRIMARY KEY,
    self {{bytes}} NOT NULL,
    at_us {{int}} NOT NULL
){{strict}};

-- only: sqlite
INSERT INTO audit_heads (id, seq, self) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_lines_add BEFORE INSERT ON audit_lines
WHEN NOT EXISTS (SELECT 1 FROM audit_heads WHERE seq + 1 = NEW.seq AND self = NEW.previous)
BEGIN SELECT RAISE(ABORT, 'not the next line of the audit'); END;

CREATE TRIGGER audit_lines_change BEFORE UPDATE ON audit_lines
BEGIN SELECT RAISE(ABORT, 'audit lines do not change'); END;

CREATE TRIGGER audit_lines_remove BEFORE DELETE ON audit_lines
WHEN NOT EXISTS (SELECT 1 FROM audit_anchors WHERE seq >= OLD.seq)
BEGIN SELECT RAISE(ABORT, 'audit lines do not go without an anchor'); END;

CREATE TRIGGER audit_heads_change BEFORE UPDATE ON audit_heads
WHEN NOT (NEW.seq = OLD.seq AND NEW.self = OLD.self)
    AND NOT (NEW.seq = OLD.seq + 1
        AND EXISTS (SELECT 1 FROM audit_lines WHERE seq = NEW.seq AND self = NEW.self))
BEGIN SELECT RAISE(ABORT, 'the head of the audit follows its lines'); END;

CREATE TRIGGER audit_heads_remove BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the head of the audit stays'); END;

CREATE TRIGGER audit_anchors_add BEFORE INSERT ON audit_anchors
WHEN NOT EXISTS (SELECT 1 FROM audit_lines WHERE seq = NEW.seq AND self = NEW.self)
BEGIN SELECT RAISE(ABORT, 'an anchor stands for a line'); END;

CREATE TRIGGER audit_anchors_change BEFORE UPDATE ON audit_anchors
BEGIN SELECT RAISE(ABORT, 'audit anchors do not change'); END;

CREATE TRIGGER audit_anchors_remove BEFORE DELETE ON audit_anchors
BEGIN SELECT RAISE(ABORT, 'audit anchors do not go'); END;
-- end
-- only: postgresql
INSERT INTO audit_heads (id, seq, self) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION audit_lines_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM audit_heads WHERE seq + 1 = NEW.seq AND self = NEW.previous) THEN
            RAISE EXCEPTION 'not the next line of the audit'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM audit_anchors WHERE seq >= OLD.seq) THEN
        RAISE EXCEPTION 'audit lines do not go without an anchor'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION audit_heads_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (NEW.seq = OLD.seq AND NEW.self = OLD.self) AND NOT (NEW.seq = OLD.seq + 1
        AND EXISTS (SELECT 1 FROM audit_lines WHERE seq = NEW.seq AND self = NEW.self)) THEN
        RAISE EXCEPTION 'the head of the audit follows its lines'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_anchors_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_lines WHERE seq = NEW.seq AND self = NEW.self) THEN
        RAISE EXCEPTION 'an anchor stands for a line'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_lines_add BEFORE INSERT OR DELETE ON audit_lines
    FOR EACH ROW EXECUTE FUNCTION audit_lines_check();
CREATE TRIGGER audit_lines_change BEFORE UPDATE ON audit_lines
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_lines_truncate BEFORE TRUNCATE ON audit_lines
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_heads_change BEFORE UPDATE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_heads_check();
CREATE TRIGGER audit_heads_remove BEFORE DELETE OR TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_anchors_add BEFORE INSERT ON audit_anchors
    FOR EACH ROW EXECUTE FUNCTION audit_anchors_check();
CREATE TRIGGER audit_anchors_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchors
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- end
