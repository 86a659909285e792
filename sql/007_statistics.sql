-- What the owner's list of subscribers is searched by.

-- The end of an endpoint is how two people speak of a subscription without saying the whole of it.
ALTER TABLE subscription
  ADD COLUMN endpoint_tail VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin
    GENERATED ALWAYS AS (RIGHT(endpoint, 6)) STORED,
  ADD KEY subscription_tail (endpoint_tail);
