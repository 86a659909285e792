// The way to the first notification: four steps, each done when the API says so, then the first message. Pure.

const setting = (settings, key) => settings?.settings?.find((one) => one.key === key)?.value ?? "";

/**
 * Each argument is what the API answered, or null if it could not be read.
 * secure    whether this page came by HTTPS, or from this machine: push works nowhere else
 * tested    whether a test message was accepted in this browser
 * Returns   [{name, done, title, text, link?: {href, words}}]; `done` is null where nobody knows
 */
export function steps({ doctor, settings, stats, campaigns, tested, secure = true }) {
  const broken = doctor?.checks?.filter((one) => one.state === "failed") ?? [];
  const subject = setting(settings, "vapid_subject");
  const sent = (campaigns?.campaigns ?? []).some((one) => one.counts?.accepted > 0);
  return [
    {
      name: "site",
      done: !secure ? false : doctor ? broken.length === 0 : null,
      title: "Your site is ready",
      text: !secure ? "Browsers allow notifications by HTTPS only: get a certificate for nginx, for instance by certbot." : broken.length ? `The doctor found ${broken.length === 1 ? "one thing" : `${broken.length} things`} to mend: ${broken.map((one) => one.name).join(", ")}.` : "The doctor has found nothing broken.",
      link: { href: "/admin/doctor.html", words: "Open the doctor" },
    },
    {
      name: "key",
      done: settings ? Boolean(settings.vapid_public_key && subject) : null,
      title: "Your key and your address",
      text: subject ? `Push services know you by your key and reach you at ${subject}.` : "Push services want to know whom to reach: set vapid_subject to your mail address.",
      link: { href: "/admin/settings.html", words: "Open the settings" },
    },
    {
      name: "subscribe",
      done: stats ? stats.active > 0 : null,
      title: "Subscribe yourself",
      text: "Open your site, press its button and allow notifications. You are the first subscriber.",
      link: { href: "/", words: "Open the site" },
    },
    {
      name: "test",
      done: tested || sent || (campaigns ? false : null),
      title: "Send yourself a test",
      text: "It goes to this browser only and shows that the whole way works.",
    },
  ];
}

/** Whether this desk has still to send its first message: then the checklist is of more use than charts. */
export const isFirstRun = ({ campaigns }) => Array.isArray(campaigns?.campaigns) && !campaigns.campaigns.some((one) => one.counts?.accepted > 0);
