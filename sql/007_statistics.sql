-- What the owner's list of subscribers is searched by, numbers over time, and what keeps the
-- database tidy.

-- The end of an endpoint is how two people speak of a subscription without saying the whole of it.
-- `census` and `age` hold what subscribers are counted by, in an order that needs no sorting.
ALTER TABLE subscription
  ADD COLUMN endpoint_tail VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin
    GENERATED ALWAYS AS (RIGHT(endpoint, 6)) STORED,
  ADD KEY subscription_tail (endpoint_tail),
  ADD KEY subscription_census (language, service, gone_at, created_at),
  ADD KEY subscription_age (created_at, gone_at);

ALTER TABLE campaign ADD KEY campaign_started (started_at);
ALTER TABLE click ADD KEY click_hour (hour_at, clicks);
ALTER TABLE campaign ADD KEY campaign_finished (finished_at);

-- One that has left: when, and since when it was there. Nothing tells who it was. Rows are only
-- ever added, and go when they are too old to count.
CREATE TABLE IF NOT EXISTS departure (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  left_at BIGINT NOT NULL,
  joined_at BIGINT NOT NULL,
  service VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  KEY departure_left (left_at),
  KEY departure_joined (joined_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A number of a finished day, which begins at day_at, midnight UTC: how many are there at its end,
-- how many came, what became of its campaigns. `part` is a service, a language or an hour.
CREATE TABLE IF NOT EXISTS daily (
  day_at BIGINT NOT NULL,
  measure VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  part VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  times BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (day_at, measure, part)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What became of an old campaign's audience as a whole, in the form of shard.sums, when its shards
-- are gone. Where there is such a row, shards that are left do not count; dropped: none is.
CREATE TABLE IF NOT EXISTS campaign_sums (
  campaign_id BIGINT UNSIGNED NOT NULL,
  sums MEDIUMTEXT NOT NULL,
  dropped TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (campaign_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- When cron's commands ran last, so that somebody notices when they do not.
CREATE TABLE IF NOT EXISTS chore (
  name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
