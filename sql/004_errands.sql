-- What the public pool asks the senders to do for one browser, and what browsers report.

-- A notification to one subscription alone. Whoever deletes the row sends it: once at most.
CREATE TABLE IF NOT EXISTS errand (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  subscription_id BIGINT UNSIGNED NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who has asked for a test just now, and from when on may do so again.
CREATE TABLE IF NOT EXISTS errand_rest (
  subscription_id BIGINT UNSIGNED NOT NULL,
  rest_until BIGINT NOT NULL,
  PRIMARY KEY (subscription_id),
  KEY errand_rest_until (rest_until)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How often a campaign's notification was shown, clicked or closed, by the hour and by the button;
-- nothing tells by whom.
CREATE TABLE IF NOT EXISTS event (
  campaign_id BIGINT UNSIGNED NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action VARCHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hour_at BIGINT NOT NULL,
  times BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (campaign_id, kind, action, hour_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
