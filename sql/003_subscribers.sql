-- What subscribers choose: topics, rests, and to whom of the site's users they belong; and what the
-- public pool may see of what was sent.

-- In the order of `place`. is_default: ticked until the visitor says otherwise.
CREATE TABLE IF NOT EXISTS topic (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label VARCHAR(60) NOT NULL,
  is_default TINYINT UNSIGNED NOT NULL,
  place INT UNSIGNED NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS subscription_topic (
  subscription_id BIGINT UNSIGNED NOT NULL,
  topic_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (subscription_id, topic_name),
  KEY subscription_topic_name (topic_name, subscription_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Beside the subscription, since most have none. Quiet hours are minutes of the subscriber's day.
-- user_id is the site's own name for a person, told by a page that the site has signed it for: its
-- bytes, since a text would be equal to one with spaces behind.
CREATE TABLE IF NOT EXISTS preference (
  subscription_id BIGINT UNSIGNED NOT NULL,
  user_id VARBINARY(128) NULL,
  paused_until BIGINT NULL,
  quiet_from SMALLINT UNSIGNED NULL,
  quiet_to SMALLINT UNSIGNED NULL,
  PRIMARY KEY (subscription_id),
  KEY preference_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Of campaigns that have begun, what their recipients know anyway: neither who sent them nor how
-- many there are. The public pool reads these, and not the tables behind them: a view reads with the
-- rights of the user that made it, who is the one that migrates.
CREATE OR REPLACE VIEW sent_message AS
  SELECT id AS campaign_id, message_id, payload, created_at, started_at
  FROM campaign WHERE started_at IS NOT NULL;

CREATE OR REPLACE VIEW sent_shard AS
  SELECT a.campaign_id AS campaign_id, a.number AS number, a.first_id AS first_id, a.ids AS ids,
    s.fates AS fates
  FROM shard_audience a JOIN shard s ON s.campaign_id = a.campaign_id AND s.number = a.number;
