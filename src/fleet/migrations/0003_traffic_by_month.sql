-- What a month has used, SIM by SIM.
CREATE INDEX device_traffic_by_month ON device_traffic (month);
