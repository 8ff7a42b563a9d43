-- plan_marks: many
-- What each device was sent last.
-- in: open_us usec
-- out: device_id i64, plan_id i64, mark hash
-- most: 200000
SELECT d.device_id, d.plan_id, p.mark FROM plan_devices d JOIN plans p ON p.id = d.plan_id
WHERE d.until_us = :open_us ORDER BY d.device_id LIMIT 200000;

-- plan_add: one
-- A plan that is sent; its number.
-- in: unit_id i64, mark hash, order_id bytes, version i64, from_us usec, to_us usec, now_us usec
-- out: id i64
INSERT INTO plans (unit_id, mark, order_id, version, from_us, to_us, made_at_us)
VALUES (:unit_id, :mark, :order_id, :version, :from_us, :to_us, :now_us)
RETURNING id;

-- plan_item_add: change
-- A line of it.
-- in: plan_id i64, at_us usec, item bytes, programme_id i64, ms i64, kind i64, order_class i64, gain_mb i64
-- batch
INSERT INTO plan_items (plan_id, at_us, item, programme_id, ms, kind, order_class, gain_mb)
VALUES (:plan_id, :at_us, :item, :programme_id, :ms, :kind, :order_class, :gain_mb);

-- planned_item_add: change
-- What an item is, for the log; known ones stay.
-- in: item bytes, programme_id i64, at_us usec, ms i64, kind i64, title str, bulletin_id i64, media bytes?
-- batch
INSERT INTO planned_items (item, programme_id, at_us, ms, kind, title, bulletin_id, media)
VALUES (:item, :programme_id, :at_us, :ms, :kind, :title, :bulletin_id, :media)
ON CONFLICT (item) DO NOTHING;

-- plan_device_close: change
-- A device has its plan no longer.
-- in: device_id i64, open_us usec, now_us usec
UPDATE plan_devices SET until_us = :now_us WHERE device_id = :device_id AND until_us = :open_us;

-- plan_device_add: change
-- From now on it has this one.
-- in: device_id i64, since_us usec, until_us usec, plan_id i64, unit_id i64
-- batch
INSERT INTO plan_devices (device_id, since_us, until_us, plan_id, unit_id)
VALUES (:device_id, :since_us, :until_us, :plan_id, :unit_id);
