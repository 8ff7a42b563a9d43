-- traffic_of_month: many
-- What each accepted device has used in a month, the heaviest first.
-- in: month i64
-- out: device_id i64, name str, unit_id i64, sim_number str, sim_operator str, bytes_in i64, bytes_out i64, budget_kb i64
-- most: 100000
SELECT t.device_id, d.name, c.unit_id, d.sim_number, d.sim_operator, t.bytes_in, t.bytes_out,
    d.month_budget_kb AS budget_kb
FROM device_traffic t
JOIN devices d ON d.id = t.device_id
JOIN clusters c ON c.id = d.cluster_id
WHERE t.month = :month AND d.state = 'accepted'
ORDER BY t.bytes_in + t.bytes_out DESC, t.device_id;
