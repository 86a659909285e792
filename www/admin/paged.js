// A list that the server gives a page at a time, by key: the first page, more on demand, and what is
// shown stays where the next page can't be had.
import { button, make } from "./make.js";
import { showing, troubleNote } from "./showing.js";

/**
 * holder  where the list stands
 * name    the answer's member with the page's items
 * read    gives the promise of the page that begins at a key (null: the first)
 * show    takes {items, next} and gives the nodes of the whole list so far
 * Returns {load, redraw, items}: `load` begins anew
 */
export function paged({ holder, name, read, show }) {
  const state = { items: [], next: null };
  const list = make("div", {});
  const below = make("p", { class: "more" });
  holder.append(list, below);

  const draw = () => {
    list.replaceChildren(...[show(state)].flat().filter(Boolean));
    below.replaceChildren();
    if (state.next !== null) below.append(button("Show more", add, { class: "outline" }));
  };
  const take = (page, before) => {
    state.items = [...before, ...page[name]];
    state.next = page.next ?? null;
  };

  async function add() {
    const [first] = below.children;
    first.setAttribute("aria-busy", "true");
    const from = state.items;
    try {
      const page = await read(state.next);
      if (state.items !== from) return; // begun anew meanwhile
      take(page, from);
      draw();
      list.querySelectorAll("tbody tr")[from.length]?.querySelector("a, button")?.focus();
    } catch (error) {
      if (state.items === from) below.replaceChildren(troubleNote(error, add));
    }
  }

  return {
    load: () => {
      below.replaceChildren();
      return showing(list, () => read(null), (page) => {
        take(page, []);
        draw();
        return [...list.children];
      });
    },
    redraw: draw,
    items: () => state.items,
    /** Puts `item` in the place of the one with its id. */
    replace: (item) => {
      state.items = state.items.map((one) => (one.id === item.id ? item : one));
      draw();
    },
  };
}
