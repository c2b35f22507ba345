// The second tab: what was new, how it was found, and whether it stayed.

function discoveryHeadline(history, { range, versus }) {
  const sums = sumsOf(history, range), settled = history.span.first + FIRST_DAYS;
  if (range.last < settled) return ["Everything is new.", "What your first 90 days bring is old acquaintance: discoveries begin after them."];
  const then = versus && versus.first >= settled ? sumsOf(history, versus).newArtists : 0;
  const beside = then ? ` ${capital(versus.words)} brought ${number.format(then)}.` : "";
  return [sums.newArtists ? `You met ${count(sums.newArtists, "artist")}.` : "You met nobody new.", `Heard for the first time in these days, of ${count(sums.artists, "artist")} you played.${beside}`];
}

async function drawDiscovery(history, { range }) {
  const steps = binsOf(range, history.span);
  await Promise.all([drawNewness(history, range, steps), drawFirstTimers(history, range, steps), drawChannels(history, range), drawStayed(history, range), drawReturned(history, range)]);
}

const NEWNESS = [["new artist", "var(--new-artist)"], ["new track", "var(--new-track)"], ["heard before", "var(--rest)"]];

function drawNewness(history, range, steps) {
  const isSettled = range.last >= history.span.first + FIRST_DAYS;
  const rows = newnessOf(history, range, steps).map((one, at) => ({ ...one, ...placed(steps.bins[at]), all: one.artist + one.track + one.rest }));
  const share = (one, n) => `${percent(n / one.all)} (${number.format(n)})`;
  const loud = rows.filter((one) => one.all);
  const bands = loud.flatMap((one) => [
    { ...one, kind: "rest", low: 0, high: one.rest / one.all },
    { ...one, kind: "new track", low: one.rest / one.all, high: (one.rest + one.track) / one.all },
    { ...one, kind: "new artist", low: (one.rest + one.track) / one.all, high: 1 },
  ].filter((part) => part.high > part.low));
  return drawFigure("newness", {
    title: findingOf("newness", { isSettled, plays: add(rows, "all"), artist: add(rows, "artist"), track: add(rows, "track") }),
    subtitle: `Share of plays by ${steps.each}; new is what you had first heard within the 30 days before`,
    legend: NEWNESS.map(([label, colour]) => ({ label, colour })),
    isEmpty: loud.length < 2,
    data: { rows: bands, tips: loud.map((one) => ({ ...one, artist: share(one, one.artist), track: share(one, one.track), rest: share(one, one.rest) })) },
    table: {
      columns: [capital(steps.each), "New artist", "New track", "Heard before"],
      rows: rows.map((one) => ({ cells: [one.when, ...[one.artist, one.track, one.rest].map(number.format)], facts: { day: isoOf(one.date / DAY_MS), artist: one.artist, track: one.track, rest: one.rest } })),
    },
  });
}

function drawFirstTimers(history, range, steps) {
  const { days } = history, settled = history.span.first + FIRST_DAYS;
  const rows = steps.bins.map((bin) => ({ ...placed(bin), value: daySums(days, bin).newArtists })).map((one) => ({ ...one, said: number.format(one.value) }));
  const most = Math.max(...rows.map((one) => one.value)), peak = rows.find((one) => one.value === most);
  const usual = rows.map((one) => one.value).sort((a, b) => a - b)[rows.length >> 1];
  return drawFigure("first-timers", {
    title: findingOf("first-timers", { isSettled: range.last >= settled, artists: add(rows, "value"), months: rows.length, most, usual, when: peak.when }),
    subtitle: `Artists heard for the first time, by ${steps.each}${range.first < settled ? "; your first 90 days do not count" : ""}`,
    data: { rows },
    table: { columns: [capital(steps.each), "Artists"], rows: rows.map((one) => ({ cells: [one.when, one.said], facts: { day: isoOf(one.date / DAY_MS), artists: one.value } })) },
  });
}

const CHANNELS = {
  personal_playlist: "Spotify's personal playlists", mix_or_radio: "mixes and radio", editorial_playlist: "editorial playlists", playlist: "playlists of people",
  album: "albums", artist_page: "pages of artists", library: "your library", search: "searches", autoplay: "what goes on after an album", unknown: "nobody knows",
};

function drawChannels(history, range) {
  const months = inMonths(history.reports.rows("channels"), range);
  const rows = [...grouped(months, "channel")].map(([channel, of]) => ({ name: CHANNELS[channel] ?? channel, channel, plays: undefined, songs: add(of, "discoveries") })).sort((a, b) => b.songs - a.songs);
  const known = rows.filter((one) => one.channel !== "unknown"), songs = add(rows, "songs");
  const [first, second] = known.map((one) => ({ ...one, words: one.name }));
  return drawFigure("channels", {
    title: findingOf("channels", { songs, known: add(known, "songs"), first, second }),
    subtitle: `Songs new to you, by how you found them, as far as anything tells: ${percent(songs ? add(known, "songs") / songs : 0)} of ${number.format(songs)}`,
    isEmpty: !known.length,
    height: heightOf(known),
    data: { rows: barsOf(known, (one) => one.songs, (one) => number.format(one.songs)) },
    table: { columns: ["Found by", "Songs"], rows: rows.map((one) => ({ cells: [one.name, number.format(one.songs)], facts: { channel: one.channel, songs: one.songs } })) },
  });
}

const WINDOWS = [30, 90, 365];

function drawStayed(history, range) {
  const months = inMonths(history.reports.rows("stayed"), range);
  const of = { Artists: months.filter((one) => one.entity_type === "artist"), Songs: months.filter((one) => one.entity_type === "recording") };
  const rows = WINDOWS.flatMap((days) => Object.entries(of).map(([kind, some]) => {
    const judged = add(some, `judged_${days}`), stuck = add(some, `stuck_${days}`);
    return { label: days === 365 ? "a year" : `${days} days`, days, kind, judged, stuck, value: judged ? stuck / judged : null, said: judged ? percent(stuck / judged) : "", name: `${kind}, after ${days} days`, note: `${number.format(stuck)} of ${number.format(judged)}` };
  })).filter((one) => one.judged);
  const { judged = 0, stuck = 0 } = rows.find((one) => one.days === 90 && one.kind === "Artists") ?? {};
  return drawFigure("stayed", {
    title: findingOf("stayed", { judged, stuck }),
    subtitle: "Of what you discovered: heard three times or more, on two days, within so long",
    legend: [{ label: "artists", colour: "var(--accent)" }, { label: "songs", colour: "var(--rest-strong)" }],
    isEmpty: !rows.length,
    data: { rows },
    table: { columns: ["Within", "What", "Stayed", "Of"], rows: rows.map((one) => ({ cells: [one.label, one.kind, number.format(one.stuck), number.format(one.judged)], facts: { days: one.days, kind: one.kind, stuck: one.stuck, judged: one.judged } })) },
  });
}

function drawReturned(history, range) {
  const { names } = history.plays;
  const months = inMonths(history.reports.rows("returned"), range);
  const rows = months.map((month) => ({ ...placed(monthBin(month, history.span)), value: month.artists, said: number.format(month.artists), songs: month.songs }));
  const back = history.reports.rows("returns").filter((one) => one.day >= range.first && one.day <= range.last);
  const longest = back.reduce((best, one) => (!best || one.day - one.silent > best.day - best.silent ? one : best), null);
  const artists = add(rows, "value");
  return drawFigure("returned", {
    title: findingOf("returned", { artists, name: longest && names.artist[longest.artist], days: longest && longest.day - longest.silent }),
    subtitle: "Artists heard again after a year or more without them, by month",
    isEmpty: !artists,
    data: { rows },
    table: back.length
      ? { columns: ["Artist", "Came back on", "Silent for"], rows: back.reverse().map((one) => ({ cells: [names.artist[one.artist], sayDay(one.day), sayYears(one.day - one.silent)], of: { kind: "artist", id: one.artist, name: names.artist[one.artist], link: history.artistLinks.get(one.artist) } })) }
      : { columns: ["Month", "Artists", "Songs"], rows: rows.map((one) => ({ cells: [one.when, one.said, number.format(one.songs)] })) },
  });
}
