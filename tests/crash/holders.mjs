// Who holds which shard of a campaign, so that the lease of a dead holder need not be waited for.
//
// A trigger notes the database connection that each held row was last written by. A killed process has no connection any
// more, so its rows are told from those of the living, whose leases stay as they are. The notes lie in memory: after a
// restart of the database, where everybody has a new connection, a row without a note is nobody's once the living have
// had the time to write theirs, which they do each second.

const TIME_TO_COME_BACK = 3; // s
const CUT = -1; // the number under which the lease of the cut is noted

export class Holders {
  #site;
  #campaign;
  freed = 0; // leases of dead holders

  constructor(site, campaign) {
    this.#site = site;
    this.#campaign = campaign;
  }

  async watch() {
    await this.#site.sql(`
      CREATE TABLE crash_holder (campaign_id BIGINT UNSIGNED NOT NULL, number INT NOT NULL, connection BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (campaign_id, number)) ENGINE = MEMORY;
      CREATE TRIGGER crash_shard AFTER UPDATE ON shard FOR EACH ROW
        REPLACE INTO crash_holder VALUES (NEW.campaign_id, NEW.number, CONNECTION_ID());
      CREATE TRIGGER crash_cut AFTER UPDATE ON campaign FOR EACH ROW
        REPLACE INTO crash_holder VALUES (NEW.id, ${CUT}, CONNECTION_ID())`);
  }

  /** Ends the leases of those that are dead; false: the database does not answer. */
  async free() {
    const id = this.#campaign;
    const isDead = `(h.connection IS NOT NULL AND p.id IS NULL) OR (h.connection IS NULL AND ${TIME_TO_COME_BACK} <
      (SELECT variable_value + 0 FROM information_schema.global_status WHERE variable_name = 'UPTIME'))`;
    const held = (table, number) => `${table} t LEFT JOIN crash_holder h ON h.campaign_id = ${id} AND h.number = ${number}
      LEFT JOIN information_schema.processlist p ON p.id = h.connection`;
    // Two steps, since a trigger may not write the table that its statement reads. A row that was found here stays what
    // it is: nobody takes it before its lease has ended.
    const { code, out, err } = await this.#site.trySql(`
      SELECT GROUP_CONCAT(t.number) INTO @dead FROM ${held("shard", "t.number")}
        WHERE t.campaign_id = ${id} AND t.lease_until > UNIX_TIMESTAMP() AND (${isDead});
      SELECT COUNT(*) INTO @dead_cut FROM ${held("campaign", CUT)}
        WHERE t.id = ${id} AND t.state = 'preparing' AND t.cut_until > UNIX_TIMESTAMP() AND (${isDead});
      UPDATE shard SET lease_until = 1 WHERE campaign_id = ${id} AND FIND_IN_SET(number, @dead);
      SELECT ROW_COUNT();
      UPDATE campaign SET cut_until = 0 WHERE id = ${id} AND @dead_cut > 0`);
    if (code === 0) this.freed += Number(out);
    else if (!/ERROR (2002|2006|2013|1053|2026)\b/.test(err)) throw new Error(`mariadb: ${err.trim()}`);
    return code === 0;
  }
}
