// Lines to copy into other files: the site's pages, its server, the one configuration file. Pure.

export const EMBED = `<script src="/push/lamppost.js" defer data-mode="bell" data-locale="auto"></script>`;

export const OWN_BUTTON = `<script src="/push/lamppost.js" defer></script>
<button type="button" data-lamppost-subscribe>Get notified</button>
<p role="status" data-lamppost-status></p>`;

export const NGINX = `# At http level: the upstreams, the limits and the login's file are in lamppost.conf.
include lamppost/http.conf;

# In your site's server block:
root /usr/share/lamppost/www;
auth_basic_user_file /etc/lamppost/htpasswd;
include lamppost/site.conf;`;

export const TICK = "* * * * * lamppost resume\n17 3 * * * lamppost tidy";

/** The line of the configuration file that gives `key` this value. */
export const configLine = ({ key, value }) => `${key} = ${value}`;
