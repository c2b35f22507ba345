// The list of plays, the newest first, filtered and page by page; only the page somebody looks at is made.

const A_PAGE = 50;

// `isMeant` says which entries belong to whoever is looked at.
function drawListing(place, history, range, isMeant = () => true) {
  const words = place.querySelector("input[type=search]"), skipped = place.querySelector("input[type=checkbox]");
  const view = { page: 0 };
  const again = () => writePage(place, history, chosenPlays(history, range, isMeant, words.value, skipped.checked), view, again);
  words.oninput = skipped.onchange = () => ((view.page = 0), again());
  again();
}

// The numbers of the plays that were asked for, the newest first.
function chosenPlays({ plays }, range, isMeant, words, onlySkipped) {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean), known = new Map(), chosen = [];
  const holds = (entry) => {
    if (!known.has(entry)) {
      const text = ["track", "artist", "album"].map((kind) => plays.names[kind][plays.of[kind][entry]] ?? "").join(" ").toLowerCase();
      known.set(entry, isMeant(entry) && parts.every((part) => text.includes(part)));
    }
    return known.get(entry);
  };
  const first = firstPlayFrom(plays, range.first);
  for (let i = firstPlayFrom(plays, range.last + 1) - 1; i >= first; i--) {
    if ((!onlySkipped || plays.flags[i] & SKIPPED) && holds(plays.entry[i])) chosen.push(i);
  }
  return chosen;
}

const sayLength = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
const sayClock = (minute) => `${String(Math.floor((minute % 1440) / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

function writePage(place, history, chosen, view, again) {
  const pages = Math.max(1, Math.ceil(chosen.length / A_PAGE)), from = view.page * A_PAGE;
  const table = element("table"), head = element("tr"), body = element("tbody");
  ["Track", "Artist", "Album", "When", "Played", "End"].forEach((title) => head.append(element("th", title, { scope: "col" })));
  chosen.slice(from, from + A_PAGE).forEach((i) => body.append(playRow(history, i)));
  table.append(element("thead"), body);
  table.firstChild.append(head);
  place.querySelector(".table").replaceChildren(table);
  place.querySelector(".where").textContent = chosen.length ? `${number.format(from + 1)} to ${number.format(Math.min(from + A_PAGE, chosen.length))} of ${count(chosen.length, "play")}` : "No play is like that.";
  place.dataset.plays = chosen.length;
  const [back, on] = place.querySelectorAll("button[data-turn]");
  Object.assign(back, { disabled: view.page === 0, onclick: () => (view.page--, again()) });
  Object.assign(on, { disabled: view.page >= pages - 1, onclick: () => (view.page++, again()) });
}

function playRow(history, i) {
  const { plays } = history, row = element("tr"), entry = plays.entry[i];
  const one = (kind) => ({ kind, id: plays.of[kind][entry], name: plays.names[kind][plays.of[kind][entry]], artist: kind === "artist" ? "" : (plays.names.artist[plays.of.artist[entry]] ?? ""), link: kind === "track" ? plays.links[plays.of.track[entry]] : "" });
  const cell = (kind, tag) => {
    const made = element(tag, "", tag === "th" ? { scope: "row" } : {}), named = one(kind);
    made.append(...(named.name ? (kind === "track" ? nameOf(named) : [element("a", named.name, { href: hashOf({ ...state, look: named }) })]) : ["–"]));
    return made;
  };
  const isHourly = root.dataset.published !== undefined;
  const said = `${shortDate.format(dateOf(dayAt(plays, i)))}, ${isHourly ? clock(Math.floor((plays.minute[i] % 1440) / 60)) : sayClock(plays.minute[i])}`;
  row.append(cell("track", "th"), cell("artist", "td"), cell("album", "td"), element("td", said), element("td", sayLength(plays.ms[i])), element("td", plays.flags[i] & SKIPPED ? "skipped" : ""));
  return row;
}
