-- The code that a technician gave to a device which waits, so that a list loaded later finds it.
ALTER TABLE devices ADD COLUMN claim_hash {{bytes}};
