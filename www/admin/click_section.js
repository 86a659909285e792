// The clicks of a campaign on its page, once there are any: the charts are loaded then.
import { place } from "./make.js";
import { troubleNote } from "./showing.js";

let shown = 0; // clicks

/** Draws them anew when there are more than before. */
export async function showClicks(campaign) {
  const { clicks } = campaign;
  if (!clicks || clicks === shown) return;
  shown = clicks;
  const holder = place("clicks-cards");
  try {
    const { clickCards } = await import("./click_chart.js");
    const { cards, draw } = clickCards(campaign);
    holder.replaceChildren(...cards);
    place("clicks").hidden = false;
    await draw();
  } catch (error) {
    shown = 0;
    place("clicks").hidden = false;
    holder.replaceChildren(troubleNote(error, () => showClicks(campaign)));
  }
}
