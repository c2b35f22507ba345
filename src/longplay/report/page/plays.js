// Opens the packed columns and lays them out as one typed array each.

// The lowest bytes of all numbers come first, then the second lowest, and so on.
function fromPlanes(bytes) {
  const length = bytes.length / 4;
  const numbers = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    numbers[i] = bytes[i] | (bytes[length + i] << 8) | (bytes[2 * length + i] << 16) | (bytes[3 * length + i] << 24);
  }
  return numbers;
}

const COUNTED = 1, SKIPPED = 2, SKIP_KNOWN = 4, NEW_ARTIST = 8, NEW_TRACK = 16, USUAL_LENGTH = 32, NEAR_LENGTH = 64;
const FIRST_DAYS = 90; // at the start of a history everything is new, so nothing is a discovery

async function openPlays() {
  const columns = ["minutes", "entries", "usual", "lengths", "flags", "of", "names"];
  const [steps, entries, usual, lengths, flags, of, names] = await Promise.all(columns.map((name) => inflated(`packed-${name}`)));
  const { artists, tracks, albums } = JSON.parse(new TextDecoder().decode(names));
  const plays = { entry: fromPlanes(entries), flags, names: { artist: artists[0], track: tracks[0], album: albums[0] }, links: tracks[1] };
  const lengthOf = fromPlanes(usual);
  Object.assign(plays, whoseTheyAre(plays.names, fromPlanes(of), lengthOf.length));
  plays.various = artists[0].findIndex((name) => name?.toLowerCase() === "various artists"); // which is no artist
  plays.ms = playedMs(plays, fromPlanes(lengths), lengthOf);
  plays.minute = begunAt(fromPlanes(steps), plays.ms);
  plays.firsts = firstDays(plays);
  return plays;
}

// What each entry is of, and whose tracks and albums are; -1 is nobody. A track is of the artist of its first entry if nothing else
// is said, an album of that of any.
function whoseTheyAre(names, told, entries) {
  const [track, artist, album] = [0, 1, 2].map((column) => Int32Array.from(told.subarray(column * entries, (column + 1) * entries), (number) => number - 1));
  const others = told.subarray(3 * entries), makers = { track: new Int32Array(names.track.length), album: new Int32Array(names.album.length) };
  for (let entry = entries - 1; entry >= 0; entry--) makers.track[track[entry]] = makers.album[album[entry]] = artist[entry];
  others.forEach((maker, at) => maker && (makers.track[at] = maker - 2));
  return { of: { track, artist, album }, makers };
}

const dayAt = (plays, i) => Math.floor(plays.minute[i] / 1440);

// On which day each artist and track was heard first; a first time is that of the whole history, in real time.
function firstDays({ minute, entry, flags, of, names }) {
  const artist = new Int32Array(names.artist.length).fill(-1), track = new Int32Array(names.track.length).fill(-1);
  for (let i = 0; i < minute.length; i++) {
    if (!(flags[i] & (NEW_ARTIST | NEW_TRACK))) continue;
    const day = Math.floor(minute[i] / 1440);
    if (flags[i] & NEW_ARTIST) artist[of.artist[entry[i]]] = day;
    if (flags[i] & NEW_TRACK) track[of.track[entry[i]]] = day;
  }
  return { artist, track };
}

// A play begins so many minutes after the one before was heard to its end: 0, 1, -1, 2 … are told as 0, 2, 1, 4 …
const HALF_AWAY = 15_000; // milliseconds after which a play most likely ends in the next minute
function begunAt(steps, ms) {
  for (let i = 0, expected = 0; i < steps.length; i++) {
    steps[i] = expected + (steps[i] & 1 ? -((steps[i] + 1) >>> 1) : steps[i] >>> 1);
    expected = steps[i] + Math.floor((ms[i] + HALF_AWAY) / 60_000);
  }
  return steps;
}

// A play of the usual length carries none. Of the others come first those that are a little shorter, and by how much; then
// counted plays, then the rest.
const lengthKind = (flags) => (flags & USUAL_LENGTH ? 0 : flags & NEAR_LENGTH ? 1 : flags & COUNTED ? 2 : 3);

function playedMs({ entry, flags }, unusual, usual) {
  const many = [0, 0, 0, 0];
  for (let i = 0; i < flags.length; i++) many[lengthKind(flags[i])]++;
  const next = [0, 0, many[1], many[1] + many[2]];
  const ms = new Float64Array(entry.length);
  for (let i = 0; i < ms.length; i++) {
    const kind = lengthKind(flags[i]);
    const told = kind ? unusual[next[kind]++] : 0;
    ms[i] = kind < 2 ? usual[entry[i]] - told : told;
  }
  return ms;
}

// For every day of the history: counted plays, and how many of them were an artist's or a track's first.
function daysOf(plays, first, last) {
  const made = () => new Int32Array(last - first + 1);
  const days = { first, last, plays: made(), newArtists: made(), newTracks: made() };
  for (let i = 0; i < plays.minute.length; i++) {
    const flags = plays.flags[i];
    const day = Math.floor(plays.minute[i] / 1440) - first;
    if (!(flags & COUNTED) || day < 0 || day > last - first) continue;
    days.plays[day]++;
    if (day < FIRST_DAYS) continue;
    if (flags & NEW_ARTIST) days.newArtists[day]++;
    else if (flags & NEW_TRACK) days.newTracks[day]++;
  }
  return days;
}
