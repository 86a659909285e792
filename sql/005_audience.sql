-- Whom a message is for, and when it goes.

-- The push service that a subscription is with, by the name that people know it by. The database
-- makes it of the endpoint: so it is right in rows of before, and in those of workers that do not
-- know it yet. The names stand in lib/core/service.cpp, too.
ALTER TABLE subscription ADD COLUMN service VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin
  GENERATED ALWAYS AS (CASE
    WHEN SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING_INDEX(endpoint, '/', 3), '/', -1), ':', 1)
      IN ('fcm.googleapis.com', 'jmt17.google.com') THEN 'fcm'
    WHEN SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING_INDEX(endpoint, '/', 3), '/', -1), ':', 1)
      LIKE '%.push.services.mozilla.com' THEN 'mozilla'
    WHEN SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING_INDEX(endpoint, '/', 3), '/', -1), ':', 1)
      LIKE '%.push.apple.com' THEN 'apple'
    WHEN SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING_INDEX(endpoint, '/', 3), '/', -1), ':', 1)
      LIKE '%.notify.windows.com' THEN 'windows'
    ELSE 'other' END) STORED;

-- All that an audience is chosen by, in the order in which it is walked: a tenth of the table.
ALTER TABLE subscription ADD KEY subscription_audience
  (id, gone_at, service, language, created_at, seen_at);

ALTER TABLE preference ADD KEY preference_paused (paused_until);

-- Who gets it, as an expression without segments; null: everybody. And not before when.
ALTER TABLE campaign ADD COLUMN audience TEXT NULL;
ALTER TABLE campaign ADD COLUMN send_at BIGINT NULL;

-- Audiences that have a name. In the order of `place`.
CREATE TABLE IF NOT EXISTS segment (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label VARCHAR(60) NOT NULL,
  audience TEXT NOT NULL,
  place INT UNSIGNED NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Whoever asks for what was sent to it finds its shard of each campaign by this: the rows are as large
-- as their ids, and would be read.
ALTER TABLE shard_audience ADD KEY shard_audience_begin (campaign_id, first_id);
