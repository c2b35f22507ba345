// The fourth tab: how it sounds, when it is skipped, how long one sits, on what, and what was not music.

function habitsHeadline(history, { range }) {
  const sums = sumsOf(history, range), { valence, energy, coverage } = moodOf(history, range);
  const skipped = sums.skipKnown ? `You skipped ${percent(sums.skipped / sums.skipKnown)} of what started.` : "Nothing tells what you skipped.";
  if (coverage < RULES.known || valence === null) return [skipped, "How your music sounds is not known well enough: `longplay enrich` asks for it."];
  const sides = [sideOf(valence, "cheerful", "sombre"), sideOf(energy, "intense", "calm")].filter(Boolean);
  return [sides.length ? `Rather ${sides.join(" and ")}.` : "In the middle.", `Valence ${valence.toFixed(2)}, energy ${energy.toFixed(2)}, known for ${percent(coverage)} of the listening. ${skipped}`];
}

async function drawHabits(history, { range }) {
  const sums = sumsOf(history, range);
  await Promise.all([
    drawMood(history, range, sums), drawMoodHours(history), drawSkipHours(sums), drawSkipNewness(history), drawSurvival(history, range),
    drawSessions(history, range), drawPlatforms(history, range), drawSpoken(history, range),
  ]);
}

// Valence and energy of the months of a range, weighed by the time that is known.
function moodOf(history, range) {
  const months = inMonths(history.reports.rows("mood"), range).filter((one) => one.valence !== null && one.energy !== null);
  const all = add(inMonths(history.reports.rows("mood"), range), "counted_ms"), known = add(months, "known_ms");
  const weighed = (field) => (known ? months.reduce((sum, one) => sum + one[field] * one.known_ms, 0) / known : null);
  return { coverage: all ? known / all : 0, valence: weighed("valence"), energy: weighed("energy") };
}

const CORNERS = [[0, 1, "sombre, intense"], [1, 1, "cheerful, intense"], [0, 0, "sombre, calm"], [1, 0, "cheerful, calm"]].map(([valence, energy, label]) => ({ valence, energy, label }));
const DOTS = 260;

function drawMood(history, range, sums) {
  const you = moodOf(history, range), sounds = new Map(history.reports.rows("sounds").map((one) => [one.recording, one]));
  const rows = ranked(history, sums, "track", "plays").filter((one) => sounds.has(one.id) && one.plays).slice(0, DOTS).map((one) => {
    const family = history.plays.makers.track[one.id] < 0 ? UNKNOWN : history.families.artists[history.plays.makers.track[one.id]];
    return { ...one, ...sounds.get(one.id), said: number.format(one.plays), place: Math.min(family, OTHER), family: familyName(history.families, family) };
  });
  const isKnown = you.coverage >= RULES.known && you.valence !== null && rows.length > 0;
  const seen = [...new Set(rows.map((one) => one.place))].sort((a, b) => a - b);
  return drawFigure("mood", {
    title: findingOf("mood", you),
    subtitle: isKnown ? `Your ${number.format(rows.length)} most played tracks of which it is known: right is more cheerful, up more intense, larger more plays` : "How a track sounds is not in what Spotify sends. Run `longplay enrich` to ask others.",
    legend: isKnown ? seen.map((place) => ({ colour: `var(--genres-${place})`, label: familyName(history.families, place) })) : [],
    isEmpty: !isKnown,
    data: { rows, corners: CORNERS, you: isKnown ? [{ valence: you.valence, energy: you.energy }] : [] },
    table: { columns: ["Track", "Artist", "Valence", "Energy", "Plays"], rows: rows.map((one) => ({ cells: [one.name, one.artist, one.valence.toFixed(2), one.energy.toFixed(2), one.said], facts: { plays: one.plays }, of: one })) },
  });
}

function drawMoodHours(history) {
  const hours = history.reports.rows("mood-hours"), known = add(hours, "known_ms");
  const told = hours.filter((one) => one.known_ms >= Math.max(RULES.an_hour, RULES.of_the_hours * known) && one.energy !== null);
  const coverage = known / (add(hours, "counted_ms") || 1), sorted = [...told].sort((a, b) => b.energy - a.energy);
  const rows = told.flatMap((one) => ["energy", "valence"].map((kind) => ({ hour: one.hour, kind, value: one[kind], name: `${clock(one.hour)}, ${kind}`, said: one[kind].toFixed(2), note: "" })));
  return drawFigure("mood-hours", {
    title: findingOf("mood-hours", { coverage, hours: told.length, most: sorted[0], least: sorted.at(-1) }),
    subtitle: "Energy and valence by hour of the day, in your whole history",
    isEmpty: coverage < RULES.known || told.length < 2,
    data: { rows, named: namedLines(told), reach: [-A_REACH, A_REACH].map((by) => ({ value: add(rows, "value") / (rows.length || 1) + by })) },
    table: { columns: ["Hour", "Energy", "Valence"], rows: told.map((one) => ({ cells: [clock(one.hour), one.energy.toFixed(2), one.valence.toFixed(2)], facts: { hour: one.hour } })) },
  });
}

// The lines are named where they are farthest apart, away from both ends.
const A_REACH = 0.12; // of valence and energy, shown to both sides of their middle
function namedLines(told) {
  const inner = told.slice(2, -2), apart = (one) => Math.abs(one.energy - one.valence);
  const far = (inner.length ? inner : told).reduce((best, one) => (!best || apart(one) > apart(best) ? one : best), null);
  return far ? ["energy", "valence"].map((kind) => ({ hour: far.hour, kind, value: far[kind], isAbove: (kind === "energy") === far.energy >= far.valence })) : [];
}

function drawSkipHours(sums) {
  const { plays, skips } = sums.skipHours;
  const rows = Array.from(plays, (judged, hour) => ({ hour, label: clock(hour), judged, skips: skips[hour], value: judged ? skips[hour] / judged : 0, name: `${clock(hour)} to ${clock(hour + 1)}`, said: judged ? percent(skips[hour] / judged) : "–", note: `${number.format(skips[hour])} of ${number.format(judged)}` }));
  const enough = Math.max(RULES.enough_plays, RULES.of_the_hours * sums.skipKnown), isTold = (one) => one.judged >= enough;
  const told = rows.filter(isTold).sort((a, b) => b.value - a.value);
  const marked = rows.map((one) => ({ ...one, rank: one === told[0] ? 1 : isTold(one) ? 2 : 3 }));
  return drawFigure("skip-hours", {
    title: findingOf("skip-hours", { plays: sums.skipKnown, skips: sums.skipped, most: told[0], least: told.at(-1) }),
    subtitle: "Share of plays that were skipped, by the hour in which they began",
    isEmpty: !sums.skipKnown,
    data: { rows: marked },
    table: { columns: ["Hour", "Skipped", "Of", "Share"], rows: rows.map((one) => ({ cells: [one.label, number.format(one.skips), number.format(one.judged), one.said], facts: { hour: one.hour, plays: one.judged, skips: one.skips } })) },
  });
}

function drawSkipNewness(history) {
  const rows = history.reports.rows("skip-newness").filter((one) => one.plays > 0).map((one) => ({ ...one, name: one.bucket, share: one.skips / one.plays, judged: one.plays, plays: undefined, note: `${number.format(one.skips)} of ${number.format(one.plays)}` }));
  const told = rows.filter((one) => one.judged >= RULES.enough_plays);
  return drawFigure("skip-newness", {
    title: findingOf("skip-newness", { first: told[0]?.share, last: told[1] && told.at(-1).share }),
    subtitle: "Share that was skipped, by how long the song had been known, in your whole history",
    isEmpty: !rows.length,
    data: { rows: rows.map((one, at) => ({ ...one, label: one.bucket, value: one.share, said: percent(one.share), rank: at ? 2 : 1 })) },
    table: { columns: ["Known for", "Skipped", "Of", "Share"], rows: rows.map((one) => ({ cells: [one.bucket, number.format(one.skips), number.format(one.judged), percent(one.share)], facts: { bucket: one.bucket, skips: one.skips } })) },
  });
}

// A year has a curve of its own; any other range shows that of the whole history.
function drawSurvival(history, range) {
  const all = history.reports.rows("survival"), own = all.filter((one) => range.isYear && one.period === range.name);
  const of = own.length ? own : all.filter((one) => one.period === "all");
  const rows = of.map((one) => ({ ...one, name: `${one.seconds} seconds`, said: percent(one.share), note: `${number.format(one.at_risk)} plays lasted so long` }));
  const at = (seconds) => rows.find((one) => one.seconds === seconds);
  const marks = [30, 120].map(at).filter(Boolean).map((one) => ({ ...one, label: percent(one.share) }));
  return drawFigure("survival", {
    title: findingOf("survival", { plays: rows[0]?.at_risk ?? 0, after30: at(30)?.share, atEnd: rows.at(-1)?.share }),
    subtitle: `Share of plays still playing after so many seconds, ${own.length ? `in ${range.name}` : "in your whole history"}; a track that is over is no skip`,
    isEmpty: (rows[0]?.at_risk ?? 0) < RULES.enough_plays,
    data: { rows, marks },
    table: { columns: ["Seconds", "Still playing", "Plays so far"], rows: rows.map((one) => ({ cells: [`${one.seconds}`, percent(one.share), number.format(one.at_risk)], facts: { seconds: one.seconds, share: one.share } })) },
  });
}

const SITTINGS = ["under 5\u00a0min", "5–15", "15–30", "30–60", "1–2\u00a0h", "2–4\u00a0h", "over 4\u00a0h"];

function drawSessions(history, range) {
  const months = inMonths(history.reports.rows("sessions"), range);
  const rows = SITTINGS.map((label, length) => ({ label, name: label, length, value: add(months.filter((one) => one.length === length), "sessions"), ms: add(months.filter((one) => one.length === length), "ms") }));
  const most = Math.max(...rows.map((one) => one.value));
  const facts = { sessions: add(rows, "value"), ms: add(rows, "ms"), longest: Math.max(0, ...months.map((one) => one.longest_ms)) };
  return drawFigure("sessions", {
    title: findingOf("sessions", facts),
    subtitle: `Sittings by the music in them; one ends with 30 minutes of silence. ${sayMonths(range)}`,
    isEmpty: !facts.sessions,
    data: { rows: rows.map((one) => ({ ...one, rank: one.value === most ? 1 : 2, said: number.format(one.value), note: `${sayLong(one.ms)} in all` })) },
    table: { columns: ["Music in it", "Sittings", "Hours"], rows: rows.map((one) => ({ cells: [one.label, number.format(one.value), sayHours(one.ms)], facts: { sessions: one.value } })) },
  });
}

const PLATFORMS = { unknown: "something unknown" };

function drawPlatforms(history, range) {
  const months = inMonths(history.reports.rows("platforms"), range), all = add(months, "ms") || 1;
  const rows = [...grouped(months, "platform")].map(([platform, of]) => ({ label: PLATFORMS[platform] ?? platform, plays: add(of, "plays"), ms: add(of, "ms") })).sort((a, b) => b.ms - a.ms).map((one) => ({ ...one, name: one.label, share: one.ms / all }));
  return drawFigure("platforms", {
    title: findingOf("platforms", { first: rows[0], second: rows[1] }),
    subtitle: `Hours by kind of device. ${sayMonths(range)}`,
    isEmpty: !rows.length,
    height: heightOf(rows.slice(0, 8)),
    data: { rows: barsOf(rows.slice(0, 8), (one) => one.ms, (one) => `${sayHours(one.ms)} h`) },
    table: { columns: ["Device", "Plays", "Hours", "Share"], rows: rows.map((one) => ({ cells: [one.label, number.format(one.plays), sayHours(one.ms), percent(one.share)], facts: { plays: one.plays, ms: one.ms } })) },
  });
}

function drawSpoken(history, range) {
  const months = inMonths(history.reports.rows("spoken"), range);
  const rows = months.flatMap((one) => {
    const at = placed(monthBin(one, history.span)), podcast = one.podcast_ms / HOUR_MS;
    return [{ ...at, kind: "podcast", low: 0, high: podcast, said: `${sayLong(one.podcast_ms)} of podcasts` }, { ...at, kind: "audiobook", low: podcast, high: podcast + one.audiobook_ms / HOUR_MS, said: `${sayLong(one.audiobook_ms)} of audiobooks` }].filter((part) => part.high > part.low);
  });
  const shows = [...grouped(inMonths(history.reports.rows("shows"), range), "title")].map(([name, of]) => ({ name, kind: of[0].kind, plays: add(of, "plays"), ms: add(of, "ms") })).sort((a, b) => b.ms - a.ms);
  return drawFigure("spoken", {
    title: findingOf("spoken", { podcast: add(months, "podcast_ms"), audiobook: add(months, "audiobook_ms"), show: shows[0]?.name }),
    subtitle: `Hours of podcasts and audiobooks by month. They count in no figure about music. ${sayMonths(range)}`,
    legend: [["podcast", "var(--accent)"], ["audiobook", "var(--rest-strong)"]].filter(([kind]) => rows.some((one) => one.kind === kind)).map(([kind, colour]) => ({ label: `${kind}s`, colour })),
    isEmpty: !rows.length,
    data: { rows },
    table: { columns: ["Show or book", "Kind", "Plays", "Hours"], rows: shows.map((one) => ({ cells: [one.name, one.kind === "episode" ? "podcast" : "audiobook", number.format(one.plays), sayHours(one.ms)], facts: { ms: one.ms } })) },
  });
}
