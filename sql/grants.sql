-- What the public pool may do: take, refresh and end subscriptions with what their owners chose, and
-- tell the topics and the current VAPID key. Of campaigns it sees what their recipients know anyway,
-- by two views, and not the tables behind them. Run by the database's administrator after `lamppost migrate`;
-- `lamppost` and `lamppost_public` stand for the database and the user.

GRANT SELECT, INSERT, UPDATE, DELETE ON lamppost.subscription TO 'lamppost_public'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON lamppost.preference TO 'lamppost_public'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON lamppost.subscription_topic TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.topic TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.sent_message TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.sent_shard TO 'lamppost_public'@'localhost';
GRANT INSERT ON lamppost.errand TO 'lamppost_public'@'localhost';
GRANT SELECT, INSERT, UPDATE ON lamppost.errand_rest TO 'lamppost_public'@'localhost';
GRANT SELECT, INSERT, UPDATE ON lamppost.event TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.click_target TO 'lamppost_public'@'localhost';
GRANT SELECT, INSERT, UPDATE ON lamppost.click TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.vapid_key TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.schema_version TO 'lamppost_public'@'localhost';
