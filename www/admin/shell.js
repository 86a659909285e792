// What every page of the desk has in common: whose login it is, and a word when it has ended.
import { call, login } from "./api.js";
import { make, place } from "./make.js";

const banner = make("p", { class: "banner", role: "alert", hidden: true });
document.querySelector("header.bar").after(banner);

// A new tab, so that this one keeps what stands in it; the login then holds for both.
login.addEventListener("out", () => {
  banner.replaceChildren("You are no longer signed in. What you wrote is kept on this page. ",
    make("a", { href: "/admin/", target: "_blank", rel: "noopener" }, "Sign in again"), " (opens a new tab), then come back here.");
  banner.hidden = false;
});
login.addEventListener("in", () => { banner.hidden = true; });

// Back from the other tab: asking is what makes "in" of "out".
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !banner.hidden) greet();
});

async function greet() {
  try {
    const { name } = await call("GET", "/api/admin/me");
    place("who").replaceChildren(make("span", { class: "off" }, "Signed in as "), name);
  } catch {
    place("who").textContent = ""; // the page's own calls say what is wrong
  }
}
greet();
