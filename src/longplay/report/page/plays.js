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
  const columns = ["minutes", "entries", "usual", "lengths", "flags", "names"];
  const [minutes, entries, usual, lengths, flags, names] = await Promise.all(columns.map((name) => inflated(`packed-${name}`)));
  const { artists, recordings, albums, entries: table } = JSON.parse(new TextDecoder().decode(names));
  const plays = {
    minute: runningSum(fromPlanes(minutes)),
    entry: fromPlanes(entries),
    flags,
    names: { artist: artists, track: recordings[0], album: albums[0] },
    makers: { track: recordings[1], album: albums[1] },
    links: recordings[2],
    of: { track: Int32Array.from(table[0]), artist: Int32Array.from(table[1]), album: Int32Array.from(table[2]) },
  };
  plays.ms = playedMs(plays, fromPlanes(lengths), fromPlanes(usual));
  plays.firsts = firstDays(plays);
  return plays;
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

function runningSum(steps) {
  for (let i = 1; i < steps.length; i++) steps[i] += steps[i - 1];
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
