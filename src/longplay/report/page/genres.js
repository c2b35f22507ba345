// Which genre an artist is of, in what order the page names genres, and what colour each has.

const FAMILIES = 7; // with a colour of their own
const OTHER = FAMILIES, UNKNOWN = FAMILIES + 1;

// The families in the order of their plays in the whole history; for each artist the place of its leading one.
function familiesOf(plays, reports) {
  const of = new Map(reports.rows("families").map((row) => [row.artist, row.family]));
  const many = new Map();
  for (let i = 0; i < plays.minute.length; i++) {
    const family = plays.flags[i] & COUNTED && of.get(plays.of.artist[plays.entry[i]]);
    if (family) many.set(family, (many.get(family) ?? 0) + 1);
  }
  many.delete("other");
  const names = [...many].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const place = (family) => (names.indexOf(family) >= 0 ? Math.min(names.indexOf(family), OTHER) : OTHER);
  const artists = Uint8Array.from(plays.names.artist, (_, artist) => (of.has(artist) ? place(of.get(artist)) : UNKNOWN));
  return { names: names.slice(0, FAMILIES), place, artists, isKnown: names.length > 0 };
}

const familyName = (families, place) => (place < families.names.length ? families.names[place] : place === UNKNOWN ? "unknown" : "other genres");
const familyOfEntry = (history, entry) => (history.plays.of.artist[entry] < 0 ? UNKNOWN : history.families.artists[history.plays.of.artist[entry]]);

// Genres are the segments of the record once they are known of half of its plays.
function genreSegments(history, range, spokes) {
  const { plays, families } = history;
  if (!families.isKnown) return null;
  const parts = spokes.map(() => new Int32Array(UNKNOWN + 1)), width = spokes[0].last - spokes[0].first + 1;
  let all = 0, known = 0;
  const from = Math.max(range.first, spokes[0].first), end = firstPlayFrom(plays, range.last + 1);
  for (let i = firstPlayFrom(plays, from); i < end; i++) {
    if (!(plays.flags[i] & COUNTED)) continue;
    const family = familyOfEntry(history, plays.entry[i]);
    parts[Math.min(spokes.length - 1, Math.floor((dayAt(plays, i) - spokes[0].first) / width))][family]++;
    all++;
    if (family !== UNKNOWN) known++;
  }
  return known >= RULES.half * all ? parts : null;
}

const genreColour = (place) => (place === UNKNOWN ? "var(--rest)" : `var(--genres-${place})`);

// Small squares with words: what the colours of a chart mean.
function writeLegend(place, entries) {
  place.replaceChildren(...entries.map(({ colour, label }) => {
    const entry = element("span"), swatch = element("i");
    swatch.style.background = colour;
    entry.append(swatch, label);
    return entry;
  }));
}
