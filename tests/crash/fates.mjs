// Each recipient's fate as it lies in the database, read by the description of its form and not by Lamppost's own code
// (lib/mysql/shard_blob.h).

const FATES = ["waiting", "handed out", "accepted", "gone", "failed", "expired", "later", "unsure", "skipped", "kept", "asked"];

/** [[endpoint, fate], ...] of everybody in the audience, in the order of the shards. */
export async function fatesOf(site, campaign) {
  const endpoints = new Map(await site.sql("SELECT id, endpoint FROM subscription"));
  const rows = await site.sql(`SELECT HEX(a.ids), HEX(s.fates) FROM shard_audience a
    LEFT JOIN shard s ON s.campaign_id = a.campaign_id AND s.number = a.number WHERE a.campaign_id = ${campaign} ORDER BY a.number`);
  return rows.flatMap(([packedIds, packedFates]) => {
    const ids = idsOf(Buffer.from(packedIds, "hex"));
    const fates = runsOf(Buffer.from(packedFates, "hex"));
    if (ids.length !== fates.length) throw new Error(`a shard has ${ids.length} recipients and ${fates.length} fates`);
    return ids.map((id, at) => [endpoints.get(String(id)), FATES[fates[at]]]);
  });
}

// Base 128, low digits first: {value, next}.
function numberAt(bytes, at) {
  let value = 0;
  for (let unit = 1; ; unit *= 128, at += 1) {
    value += (bytes[at] & 127) * unit;
    if (bytes[at] < 128) return { value, next: at + 1 };
  }
}

function idsOf(bytes) {
  const ids = [];
  let last = 0;
  for (let at = 0; at < bytes.length;) {
    const { value, next } = numberAt(bytes, at);
    last += value;
    ids.push(last);
    at = next;
  }
  return ids;
}

function runsOf(bytes) {
  const fates = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at] >> 4;
    const { value, next } = short > 0 ? { value: short, next: at + 1 } : numberAt(bytes, at + 1);
    fates.push(...Array(value).fill(bytes[at] & 15));
    at = next;
  }
  return fates;
}
