-- The few faults that are open, newest first, without walking over all that ever were.
CREATE INDEX device_faults_open_ids ON device_faults (id) WHERE until_us IS NULL;
