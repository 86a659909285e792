-- Whoever asks for what was sent to it finds its shard of each campaign by this: the audience's own
-- rows are as large as their ids, and would be read.

ALTER TABLE shard_audience ADD KEY shard_audience_begin (campaign_id, first_id);
