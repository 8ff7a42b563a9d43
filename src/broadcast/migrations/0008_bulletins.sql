-- A programme of a bulletin's own, which ends with it.
ALTER TABLE programmes ADD COLUMN bulletin_id {{int}} NOT NULL DEFAULT 0;
-- Which bulletin an item is of, so that what became of it can be told; 0: of none.
ALTER TABLE programme_items ADD COLUMN bulletin_id {{int}} NOT NULL DEFAULT 0;
ALTER TABLE planned_items ADD COLUMN bulletin_id {{int}} NOT NULL DEFAULT 0;

CREATE INDEX programmes_by_bulletin ON programmes (bulletin_id);
CREATE INDEX programme_items_by_bulletin ON programme_items (bulletin_id);
CREATE INDEX planned_items_by_bulletin ON planned_items (bulletin_id, at_us);
CREATE INDEX plan_items_by_item ON plan_items (item);
