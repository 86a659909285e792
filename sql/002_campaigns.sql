-- Campaigns that any number of workers send together. Before this a campaign was sent by the one
-- request that asked for it, and its row told neither to whom nor what came of it: nothing that
-- could be carried over.

DROP TABLE IF EXISTS campaign;

-- `given` is what was asked for, `payload` what is pushed. request_key is the caller's Idempotency-Key.
-- The lease is that of the cut into shards. `turn` grows with every change, so that none is without effect.
CREATE TABLE IF NOT EXISTS campaign (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  message_id BINARY(16) NOT NULL,
  request_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
  body_sha BINARY(32) NOT NULL,
  owner VARCHAR(255) NOT NULL,
  given MEDIUMTEXT NOT NULL,
  payload TEXT NOT NULL,
  ttl INT UNSIGNED NOT NULL,
  urgency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT NULL,
  finished_at BIGINT NULL,
  cut_owner BINARY(8) NULL,
  cut_until BIGINT NOT NULL,
  turn BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY campaign_message_id (message_id),
  UNIQUE KEY campaign_request_key (request_key),
  KEY campaign_state (state),
  KEY campaign_body (body_sha, created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Up to 5000 recipients of a campaign: their ids as differences. first_id rises with number.
CREATE TABLE IF NOT EXISTS shard_audience (
  campaign_id BIGINT UNSIGNED NOT NULL,
  number INT UNSIGNED NOT NULL,
  first_id BIGINT UNSIGNED NOT NULL,
  ids MEDIUMBLOB NOT NULL,
  PRIMARY KEY (campaign_id, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What has become of them: a fate each, in runs, and the sums of the fates as JSON. A table of its
-- own, since it is written with every step. It is free when next_at and lease_until are past.
CREATE TABLE IF NOT EXISTS shard (
  campaign_id BIGINT UNSIGNED NOT NULL,
  number INT UNSIGNED NOT NULL,
  fates MEDIUMBLOB NOT NULL,
  sums MEDIUMTEXT NOT NULL,
  attempt INT UNSIGNED NOT NULL,
  round_at BIGINT NOT NULL,
  done TINYINT UNSIGNED NOT NULL,
  next_at BIGINT NOT NULL,
  owner BINARY(8) NOT NULL,
  lease_until BIGINT NOT NULL,
  turn BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (campaign_id, number),
  KEY shard_open (campaign_id, done, next_at, lease_until)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What all workers know of a push service: written when a rest begins or ends.
CREATE TABLE IF NOT EXISTS push_service (
  service VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rest_until BIGINT NOT NULL,
  denied_since BIGINT NULL,
  reason VARCHAR(255) NOT NULL,
  rests INT UNSIGNED NOT NULL,
  PRIMARY KEY (service)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
