-- alarm_device_of: one
-- What a device has said about an alarm or the stop with this mark.
-- in: mark bytes, device_id i64
-- out: alarm_id i64, unit_id i64, state i64, reason i64, times i64, at_us usec
SELECT d.alarm_id, d.unit_id, d.state, d.reason, d.times, d.at_us
FROM alarms a JOIN alarm_devices d ON d.alarm_id = a.id
WHERE a.mark = :mark AND d.device_id = :device_id;

-- alarm_device_step: change
-- It said more.
-- in: alarm_id i64, device_id i64, state i64, reason i64, times i64, at_us usec
UPDATE alarm_devices SET state = :state, reason = :reason, times = :times, at_us = :at_us
WHERE alarm_id = :alarm_id AND device_id = :device_id;

-- alarm_device_add: change
-- A device that an alarm concerns.
-- in: alarm_id i64, device_id i64, unit_id i64
-- batch
INSERT INTO alarm_devices (alarm_id, device_id, unit_id, state, reason, times, at_us)
VALUES (:alarm_id, :device_id, :unit_id, 0, 0, 0, 0);

-- alarm_devices_all: many
-- All devices of an alarm.
-- in: alarm_id i64
-- out: device_id i64, unit_id i64, state i64, reason i64, times i64, at_us usec
-- most: 100000
SELECT device_id, unit_id, state, reason, times, at_us FROM alarm_devices
WHERE alarm_id = :alarm_id ORDER BY device_id LIMIT 100000;
