-- What the public pool may do: take, refresh and end subscriptions, and tell the current VAPID key.
-- It cannot read a campaign. Run by the database's administrator after `lamppost migrate`;
-- `lamppost` and `lamppost_public` stand for the database and the user.

GRANT SELECT, INSERT, UPDATE, DELETE ON lamppost.subscription TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.vapid_key TO 'lamppost_public'@'localhost';
GRANT SELECT ON lamppost.schema_version TO 'lamppost_public'@'localhost';
