// Somebody looked up: an artist, a track or an album, with first time and how, by month and hour, place among all, what is
// theirs, and every play.

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Names that hold the words; those that begin with them first, then by plays in the whole history.
function found(history, words, most = 12) {
  const parts = folded(words).split(/\s+/).filter(Boolean);
  if (!parts.length) return [];
  const sums = sumsOf(history, history.span);
  const hits = KINDS.flatMap((kind) => ranked(history, sums, kind, "plays").filter((one) => {
    const text = folded(one.name);
    return parts.every((part) => text.includes(part));
  }).map((one) => ({ ...one, begins: folded(one.name).startsWith(parts[0]) })));
  return hits.sort((a, b) => b.begins - a.begins || b.plays - a.plays).slice(0, most);
}

function listenToSearch(history) {
  const form = document.getElementById("search"), field = form.querySelector("input"), list = form.querySelector("ul"), said = form.querySelector("[role=status]");
  const close = () => ((list.hidden = true), list.replaceChildren());
  field.oninput = () => {
    const hits = found(history, field.value);
    said.textContent = field.value ? count(hits.length, "name") : "";
    list.hidden = !hits.length;
    list.replaceChildren(...hits.map((one) => {
      const item = element("li"), link = element("a", one.name, { href: hashOf({ ...state, look: one }) });
      link.append(element("small", one.kind === "artist" ? "artist" : `${one.kind} by ${one.artist}`));
      link.onclick = () => ((field.value = ""), close());
      item.append(link);
      return item;
    }));
  };
  form.onsubmit = (event) => (event.preventDefault(), list.querySelector("a")?.click());
  form.onkeydown = (event) => {
    const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    if (event.key === "Escape") field.focus(), close();
    if (event.key === "ArrowDown" && links.length) event.preventDefault(), links[Math.min(at + 1, links.length - 1)].focus();
    if (event.key === "ArrowUp" && at >= 0) event.preventDefault(), (links[at - 1] ?? field).focus();
  };
  form.onfocusout = (event) => !form.contains(event.relatedTarget) && setTimeout(close, 150);
}

// Who is meant by the names in the address; of two artists with one name, the one played more.
function meant(history, { kind, name, artist }) {
  return ranked(history, sumsOf(history, history.span), kind, "plays").find((one) => one.name === name && (!artist || one.artist === artist));
}

async function drawLook(history, now) {
  const one = meant(history, now.look);
  for (const tab of TABS) document.getElementById(tab.name).hidden = true;
  document.querySelector(".hero").hidden = true;
  document.querySelector(".filter").hidden = false;
  document.getElementById("look").hidden = false;
  document.getElementById("look-name").textContent = one ? one.name : "Nobody of that name.";
  document.getElementById("look-back").href = hashOf({ ...now, look: null });
  document.getElementById("look-back").textContent = `Back to ${now.tab.label}`;
  document.querySelectorAll("#look [data-known]").forEach((part) => (part.hidden = !one));
  if (!one) return;
  const isMeant = (entry) => history.plays.of[one.kind][entry] === one.id;
  const facts = playsOf(history, now.range, isMeant);
  writeLookHead(one, now.range);
  writeLookFacts(history, one, facts, now.range, isMeant);
  await Promise.all([drawLookMonths(history, now.range, facts), drawLookHours(facts), drawLookRanks(history, one)]);
  writeTheirs(history, one, now.range, isMeant);
  drawListing(document.getElementById("their-plays"), history, now.range, isMeant);
}

function writeLookHead(one, range) {
  document.getElementById("look-kind").textContent = `${capital(one.kind)}${one.artist ? ` by ${one.artist}` : ""}, ${saySpan(range.first, range.last)}`;
  const link = document.getElementById("look-spotify"), address = spotifyAddress(one);
  link.hidden = !address;
  link.href = address || "#";
  const maker = document.getElementById("look-artist");
  maker.hidden = !one.artist;
  maker.textContent = one.artist ? `More by ${one.artist}` : "";
  maker.href = hashOf({ ...state, look: { kind: "artist", name: one.artist } });
}

// What a range holds of them.
function playsOf(history, range, isMeant) {
  const { plays } = history, facts = { plays: 0, ms: 0, skipped: 0, skipKnown: 0, hours: new Int32Array(24), days: new Map() };
  const end = firstPlayFrom(plays, range.last + 1);
  for (let i = firstPlayFrom(plays, range.first); i < end; i++) {
    if (!isMeant(plays.entry[i])) continue;
    facts.ms += plays.ms[i];
    if (plays.flags[i] & SKIP_KNOWN) facts.skipKnown++;
    if (plays.flags[i] & SKIPPED) facts.skipped++;
    if (!(plays.flags[i] & COUNTED)) continue;
    facts.plays++;
    facts.hours[Math.floor((plays.minute[i] % 1440) / 60)]++;
    facts.days.set(dayAt(plays, i), (facts.days.get(dayAt(plays, i)) ?? 0) + 1);
  }
  return facts;
}

function writeLookFacts(history, one, facts, range, isMeant) {
  const ever = playsOf(history, history.span, isMeant), days = [...ever.days.keys()];
  const first = history.plays.firsts[one.kind]?.[one.id] ?? (days.length ? Math.min(...days) : -1);
  const channel = history.reports.rows(one.kind === "artist" ? "found-artists" : "found-tracks").find((row) => one.kind !== "album" && row.id === one.id)?.channel;
  const place = standing(history, sumsOf(history, range), one.kind, "plays").findIndex((other) => other.id === one.id) + 1;
  const rows = [
    ["Plays", number.format(facts.plays), `${number.format(ever.plays)} ever`],
    ["Hours", sayHours(facts.ms), `${sayHours(ever.ms)} ever`],
    ["Place", facts.plays && place ? number.format(place) : "–", `among your ${one.kind}s in this range`],
    ["Skipped", facts.skipKnown ? percent(facts.skipped / facts.skipKnown) : "–", ""],
    ["First heard", first >= 0 ? shortDate.format(dateOf(first)) : "–", channel ? `by ${CHANNELS[channel] ?? channel}` : first < history.span.first + FIRST_DAYS ? "at the start of your history" : "how is not known"],
    ["Last heard", days.length ? shortDate.format(dateOf(Math.max(...days))) : "–", ""],
  ];
  document.getElementById("look-facts").replaceChildren(...rows.map(([label, value, note]) => {
    const made = element("div", "", { class: "number", "data-fact": label });
    made.append(element("dt", label), element("dd", value, { class: "value" }), element("dd", note || " ", { class: "change" }));
    return made;
  }));
}

function drawLookMonths(history, range, facts) {
  const { bins, each, at } = binsOf(range, history.span);
  const values = bins.map(() => 0);
  facts.days.forEach((plays, day) => (values[at(day)] += plays));
  const rows = bins.map((bin, place) => ({ ...placed(bin), value: values[place], said: number.format(values[place]) }));
  const most = Math.max(...values), peak = rows.find((one) => one.value === most);
  return drawFigure("look-months", {
    title: findingOf("look-months", { plays: facts.plays, months: rows.length, most, when: peak.when }),
    subtitle: `Plays by ${each}`,
    isEmpty: !facts.plays,
    data: { rows },
    table: { columns: [capital(each), "Plays"], rows: rows.map((one) => ({ cells: [one.when, one.said], facts: { day: isoOf(one.date / DAY_MS), plays: one.value } })) },
  });
}

function drawLookHours(facts) {
  const most = Math.max(...facts.hours);
  const rows = Array.from(facts.hours, (value, hour) => ({ label: clock(hour), name: `${clock(hour)} to ${clock(hour + 1)}`, hour, value, rank: value === most ? 1 : 2, said: number.format(value), note: "" }));
  return drawFigure("look-hours", {
    title: findingOf("look-hours", { plays: facts.plays, most, hour: facts.hours.indexOf(most) }),
    subtitle: "Plays by hour of the day",
    isEmpty: !facts.plays,
    data: { rows },
    table: { columns: ["Hour", "Plays"], rows: rows.map((one) => ({ cells: [one.label, one.said], facts: { hour: one.hour, plays: one.value } })) },
  });
}

// Their place in each year of the history; who has as many plays shares the place.
function drawLookRanks(history, one) {
  const years = presets(history.span).filter((preset) => preset.isYear).reverse();
  const rows = years.map((year) => {
    const all = standing(history, sumsOf(history, year), one.kind, "plays"), own = all.find((other) => other.id === one.id);
    return own?.plays ? { label: year.name, name: `${year.name}, of ${count(all.length, one.kind)}`, rank: 1 + all.filter((other) => other.plays > own.plays).length, value: own.plays, said: number.format(own.plays), note: "" } : null;
  }).filter(Boolean).map((row) => ({ ...row, place: number.format(row.rank), plays: row.said }));
  const best = rows.reduce((top, row) => (!top || row.rank < top.rank ? row : top), null);
  return drawFigure("look-ranks", {
    title: findingOf("look-ranks", { best, years: rows.length }),
    subtitle: `Place among your ${one.kind}s in each year`,
    isEmpty: !rows.length,
    data: { rows },
    table: { columns: ["Year", "Place", "Plays"], rows: rows.map((row) => ({ cells: [row.label, row.place, row.said], facts: { year: row.label, rank: row.rank, plays: row.value } })) },
  });
}

// Tracks of an artist or an album; of a track the albums it is on.
function writeTheirs(history, one, range, isMeant) {
  const kind = one.kind === "track" ? "album" : "track", sums = sumsOf(history, range);
  const some = { ...sums, byEntry: { plays: sums.byEntry.plays.map((plays, entry) => (isMeant(entry) ? plays : 0)), ms: sums.byEntry.ms.map((ms, entry) => (isMeant(entry) ? ms : 0)) } };
  const rows = ranked(history, some, kind, "plays").slice(0, 50);
  document.querySelector("#card-theirs h2").textContent = kind === "track" ? `${capital(count(rows.length, "track"))}${rows.length === 50 ? " most played" : ""}` : `On ${count(rows.length, "album")}`;
  writeTable("theirs", ...Object.values(rankedTable(rows, kind, true)));
}
