-- The first schema. Times are Unix seconds (UTC). One dialect for MySQL 8 and MariaDB 10.6+.
-- Every statement is safe to repeat, since `lamppost migrate` goes on after a crash.

-- The id is made from the point, so that a sender knows it without asking here.
CREATE TABLE IF NOT EXISTS vapid_key (
  id INT UNSIGNED NOT NULL,
  point BINARY(65) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY vapid_key_point (point)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- An endpoint may be 2048 bytes long, too long for an index: its SHA-256 is what is unique.
CREATE TABLE IF NOT EXISTS subscription (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  endpoint VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  endpoint_sha BINARY(32) NOT NULL,
  p256dh BINARY(65) NOT NULL,
  auth BINARY(16) NOT NULL,
  key_id INT UNSIGNED NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  timezone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  gone_at BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY subscription_endpoint (endpoint_sha)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS campaign (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  message_id BINARY(16) NOT NULL,
  message MEDIUMTEXT NOT NULL,
  owner VARCHAR(255) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY campaign_message_id (message_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
