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
