// Campaigns of a simulated admin API: they are sent at a set pace, as far as somebody drives them.

const kWire = (message, id) => ({ web_push: 8030, notification: {
  title: message.title ?? "", navigate: message.url ?? "/", ...picked(message, "body", "lang", "dir", "icon", "image", "badge", "silent", "renotify"),
  ...(message.actions && { actions: message.actions.map(({ title, url }, index) => ({ action: `${index}`, title, navigate: url })) }),
  ...(message.require_interaction && { requireInteraction: true }), data: { id: `message-${id}` } } });
const picked = (object, ...names) => Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));
const kNothing = { audience: 0, waiting: 0, accepted: 0, gone: 0, failed: 0, expired: 0, unsure: 0, skipped: 0 };
const now = () => Math.floor(Date.now() / 1000);

export class Campaigns {
  list = [];
  keys = new Map();
  /** Devices by push service. */
  people = { "fcm.googleapis.com": 2901, "updates.push.services.mozilla.com": 402, "wns2-par02p.notify.windows.com": 310, "web.push.apple.com": 175 };
  /** What becomes of a push service's devices, where it is not "accepted": {"web.push.apple.com": ["failed", "403 BadJwtToken"]}. */
  fates = {};
  /** Devices a second, while a request drives the campaign. */
  pace = 4000;
  /** Whether a stream breaks off after its first lines. */
  breaks = false;

  get size() {
    return Object.values(this.people).reduce((sum, n) => sum + n, 0);
  }

  /** [status, campaign] as POST /api/admin/campaigns answers; the same key and message is the same campaign. */
  create(message, key) {
    const text = JSON.stringify(message);
    const known = key && this.keys.get(key);
    if (known) return known.text === text ? [200, known.campaign] : [422, refusal("key_reused", "", `This Idempotency-Key belongs to campaign ${known.campaign.id}`)];
    if (!message.title?.trim()) return [400, refusal("missing_title", "title", "must be given")];
    const { audience = "", send_at: sendAt = null, send, force, ...rest } = message;
    const campaign = { id: this.list.length + 1, state: sendAt ? "scheduled" : send ? "preparing" : "draft", reason: "", owner: "ana", message: { ...rest, audience },
      audience, send_at: sendAt, created_at: now(), started_at: null, finished_at: null, counts: { ...kNothing }, services: [], clicks: 0, click_actions: [], click_hours: [] };
    this.list.unshift(campaign);
    if (key) this.keys.set(key, { text, campaign });
    return [201, campaign];
  }

  find(id) {
    return this.list.find((one) => one.id === Number(id));
  }

  wire(message) {
    return kWire(message, this.list.length + 1);
  }

  start(campaign) {
    if (campaign.started_at) return;
    campaign.started_at = now();
    campaign.services = Object.entries(this.people).map(([service, n]) => ({ service, counts: { ...kNothing, audience: n, waiting: n }, reasons: {} }));
    campaign.state = "sending";
    this.#count(campaign);
  }

  /** Sends to so many devices more. */
  advance(campaign, devices) {
    for (const one of campaign.services) {
      const done = Math.min(devices, one.counts.waiting);
      const [fate, reason] = this.fates[one.service] ?? ["accepted"];
      one.counts.waiting -= done;
      one.counts[fate] += done;
      if (reason && done) one.reasons[reason] = (one.reasons[reason] ?? 0) + done;
      devices -= done;
    }
    this.#count(campaign);
    if (campaign.counts.waiting > 0 || campaign.state !== "sending") return;
    campaign.state = "finished";
    campaign.finished_at = now();
  }

  cancel(campaign) {
    for (const one of campaign.services) {
      one.counts.skipped += one.counts.waiting;
      one.counts.waiting = 0;
    }
    this.#count(campaign);
    Object.assign(campaign, { state: "cancelled", finished_at: now() });
  }

  /** What has failed, or is unsure, is to be tried again. */
  retry(campaign, unsure) {
    for (const one of campaign.services) {
      for (const fate of unsure ? ["failed", "unsure"] : ["failed"]) {
        one.counts.waiting += one.counts[fate];
        one.counts[fate] = 0;
      }
    }
    this.#count(campaign);
    campaign.state = "sending";
  }

  #count(campaign) {
    for (const name of Object.keys(kNothing)) campaign.counts[name] = campaign.services.reduce((sum, { counts }) => sum + counts[name], 0);
  }

  /** Writes progress lines into `answer` until the campaign rests, as a request that drives it does. */
  async drive(campaign, answer) {
    const line = (state) => answer.write(`${JSON.stringify({ ...campaign.counts, id: campaign.id, state, rate: this.pace })}\n`);
    line(campaign.state);
    while (campaign.state === "sending" && !answer.destroyed) {
      await new Promise((go) => { setTimeout(go, 100); });
      if (this.breaks) return void answer.destroy();
      if (campaign.state !== "sending") break;
      this.advance(campaign, this.pace / 10);
      line(campaign.state);
    }
    answer.end(`${JSON.stringify(campaign)}\n`);
  }
}

export const refusal = (code, field, message) => ({ status: "error", error: { code, field, message } });
