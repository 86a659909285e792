-- What the desk keeps: where clicks go and how many there were, pictures, and drafts.

-- Where a message's links lead: its own ('') and its buttons' ('0', '1'). A signed link names the
-- message and the button, and never a target.
CREATE TABLE IF NOT EXISTS click_target (
  message_id BINARY(16) NOT NULL,
  action VARCHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target VARCHAR(2300) NOT NULL,
  PRIMARY KEY (message_id, action)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How often they were followed, by the hour; nothing tells by whom.
CREATE TABLE IF NOT EXISTS click (
  campaign_id BIGINT UNSIGNED NOT NULL,
  action VARCHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hour_at BIGINT NOT NULL,
  clicks BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (campaign_id, action, hour_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Pictures that were uploaded, by the SHA-256 of their bytes, which is their name too.
CREATE TABLE IF NOT EXISTS image (
  sha BINARY(32) NOT NULL,
  type VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  width INT UNSIGNED NOT NULL,
  height INT UNSIGNED NOT NULL,
  created_at BIGINT NOT NULL,
  bytes MEDIUMBLOB NOT NULL,
  PRIMARY KEY (sha)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Messages that are being written. `version` grows with each change: of two who began with the same
-- one, only the first may save. `title` is the content's, for lists.
CREATE TABLE IF NOT EXISTS draft (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  owner VARCHAR(255) NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  updated_at BIGINT NOT NULL,
  title VARCHAR(255) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
