// Counts, sums and ranks of a range: the only arithmetic of the page. Plays are counted plays, time is that of all music.

// The first play at or after a day; plays are in the order of local time.
function firstPlayFrom(plays, day) {
  let low = 0, high = plays.minute.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (plays.minute[middle] < day * 1440) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sumUp(history, range) {
  const { plays } = history;
  const entries = plays.of.track.length;
  const sums = { plays: 0, ms: 0, skipped: 0, skipKnown: 0, hours: new Int32Array(168), skipHours: { plays: new Int32Array(24), skips: new Int32Array(24) }, byEntry: { plays: new Int32Array(entries), ms: new Float64Array(entries) } };
  const end = firstPlayFrom(plays, range.last + 1);
  for (let i = firstPlayFrom(plays, range.first); i < end; i++) addPlay(sums, plays, i);
  sums.artists = standing(history, sums, "artist", "plays").filter((one) => one.plays > 0).length;
  return { ...sums, ...daySums(history.days, range) };
}

function addPlay(sums, plays, i) {
  const flags = plays.flags[i], entry = plays.entry[i];
  sums.ms += plays.ms[i];
  sums.byEntry.ms[entry] += plays.ms[i];
  const hour = Math.floor((plays.minute[i] % 1440) / 60);
  if (flags & SKIP_KNOWN) sums.skipKnown++, sums.skipHours.plays[hour]++;
  if (flags & SKIPPED) sums.skipped++, sums.skipHours.skips[hour]++;
  if (!(flags & COUNTED)) return;
  sums.plays++;
  sums.byEntry.plays[entry]++;
  sums.hours[weekdayOf(dayAt(plays, i)) * 24 + hour]++;
}

function daySums(days, range) {
  const from = Math.max(range.first, days.first) - days.first;
  const to = Math.min(range.last, days.last) - days.first;
  const sums = { newArtists: 0, busiest: null, streak: { days: 0, last: 0 } };
  for (let day = from, run = 0; day <= to; day++) {
    const plays = days.plays[day];
    sums.newArtists += days.newArtists[day];
    run = plays ? run + 1 : 0;
    if (run > sums.streak.days) sums.streak = { days: run, last: days.first + day };
    if (plays > (sums.busiest?.plays ?? 0)) sums.busiest = { plays, day: days.first + day };
  }
  return { ...sums, usualDay: medianDay(days, from, to) };
}

// The middle one of the days on which there was music at all.
function medianDay(days, from, to) {
  const loud = days.plays.subarray(from, Math.max(from, to + 1)).filter((plays) => plays > 0).sort();
  return loud.length ? loud[loud.length >> 1] : 0;
}

// Sums of a range, remembered: every tab asks for some of them.
const remembered = new Map();
function sumsOf(history, range) {
  const key = `${range.first}..${range.last}`;
  if (!remembered.has(key)) {
    if (remembered.size > 24) remembered.clear();
    remembered.set(key, sumUp(history, range));
  }
  return remembered.get(key);
}

// Artists, tracks or albums, the first first; equals in the order of their names.
function ranked(history, sums, kind, by) {
  const { of, names, makers, links } = history.plays;
  const found = new Map();
  for (let entry = 0; entry < of[kind].length; entry++) {
    const id = of[kind][entry];
    if (id < 0 || !(sums.byEntry.plays[entry] || sums.byEntry.ms[entry])) continue;
    const one = found.get(id) ?? { id, plays: 0, ms: 0 };
    one.plays += sums.byEntry.plays[entry];
    one.ms += sums.byEntry.ms[entry];
    found.set(id, one);
  }
  const named = [...found.values()].sort((a, b) => b[by] - a[by] || b.plays - a.plays || b.ms - a.ms || a.id - b.id);
  return named.map((one) => ({
    ...one,
    name: names[kind][one.id] || "Without a name",
    artist: kind === "artist" ? "" : (names.artist[makers[kind][one.id]] ?? ""),
    kind,
    link: kind === "track" ? links[one.id] : kind === "artist" ? (history.artistLinks.get(one.id) ?? "") : "",
  }));
}

// Those that have a place among all: "Various Artists" can be looked up, and is nobody.
const standing = (history, sums, kind, by) => ranked(history, sums, kind, by).filter((one) => kind !== "artist" || one.id !== history.plays.various);

// Each day of a range with its 30-day average, which also looks at the days before the range; a young history has fewer.
function daily(days, range) {
  const rows = [];
  let sum = 0;
  for (let day = days.first; day <= Math.min(range.last, days.last); day++) {
    sum += days.plays[day - days.first];
    if (day - 30 >= days.first) sum -= days.plays[day - 30 - days.first];
    if (day < range.first) continue;
    rows.push({ day, plays: days.plays[day - days.first], average: sum / Math.min(30, day - days.first + 1) });
  }
  return rows;
}

// The spokes of the record: days where they can be told apart, else weeks, else four weeks.
function spokes(days, range) {
  const first = Math.max(range.first, days.first), last = Math.min(range.last, days.last);
  const width = [1, 7, 14, 28].find((size) => (last - first + 1) / size <= (size === 1 ? 100 : 215)) ?? 56;
  const made = [];
  for (let start = first; start <= last; start += width) {
    const end = Math.min(start + width - 1, last);
    const spoke = { first: start, last: end, plays: 0, newArtists: 0, newTracks: 0 };
    for (let day = start - days.first; day <= end - days.first; day++) {
      spoke.plays += days.plays[day];
      spoke.newArtists += days.newArtists[day];
      spoke.newTracks += days.newTracks[day];
    }
    made.push({ ...spoke, aDay: spoke.plays / (end - start + 1) });
  }
  return { width, spokes: made };
}

// For each step of a range: plays of artists first heard within the 30 days before, of tracks likewise, and of all others.
const JUST_MET = 30;
function newnessOf(history, range, { bins, at }) {
  const { plays, span } = history, { of, firsts } = plays, settled = span.first + FIRST_DAYS;
  const made = bins.map(() => ({ artist: 0, track: 0, rest: 0 }));
  const isNew = (first, day) => first >= settled && day - first < JUST_MET;
  const end = firstPlayFrom(plays, range.last + 1);
  for (let i = firstPlayFrom(plays, range.first); i < end; i++) {
    if (!(plays.flags[i] & COUNTED)) continue;
    const day = dayAt(plays, i), entry = plays.entry[i], artist = of.artist[entry], track = of.track[entry];
    const kind = artist >= 0 && isNew(firsts.artist[artist], day) ? "artist" : track >= 0 && isNew(firsts.track[track], day) ? "track" : "rest";
    made[at(day)][kind]++;
  }
  return made;
}

// How many artists make half of the plays, the most played first; and of how many.
function halfOf(byArtist) {
  const sorted = byArtist.filter((plays) => plays > 0).sort().reverse();
  const all = sorted.reduce((sum, plays) => sum + plays, 0);
  let needed = 0;
  for (let sum = 0; needed < sorted.length && sum < all / 2; needed++) sum += sorted[needed];
  return { needed, artists: sorted.length, plays: all };
}

// The counted plays of each artist in each step of a range, handed to `use` step by step.
function artistsByBin(history, range, { bins, at }, use) {
  const { plays } = history, counts = new Int32Array(plays.names.artist.length);
  const end = firstPlayFrom(plays, range.last + 1);
  let i = firstPlayFrom(plays, range.first);
  return bins.map((bin, place) => {
    counts.fill(0);
    for (; i < end && at(dayAt(plays, i)) === place; i++) {
      const artist = of(plays, "artist", i);
      if (plays.flags[i] & COUNTED && artist >= 0 && artist !== plays.various) counts[artist]++;
    }
    return use(counts.slice(), bin);
  });
}

const of = (plays, kind, i) => plays.of[kind][plays.entry[i]];
