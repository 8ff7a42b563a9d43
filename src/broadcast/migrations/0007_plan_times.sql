-- Counting what was planned on a day looks only at plans that reach into it.
CREATE INDEX plans_by_end ON plans (to_us);
