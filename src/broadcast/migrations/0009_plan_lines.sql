-- What was sent is shown as it was sent, whatever the programme says today.
ALTER TABLE plan_items ADD COLUMN order_class {{int}} NOT NULL DEFAULT 1;
ALTER TABLE plan_items ADD COLUMN gain_mb {{int}} NOT NULL DEFAULT 0;
ALTER TABLE planned_items ADD COLUMN media {{bytes}}; -- null: none, or sent before this stood here
