// The first tab: the headline, the record, six numbers, and when and what you played.

async function drawOverview(history, { range, versus }) {
  const sums = sumsOf(history, range);
  writeNumbers(history, sums, range, versus);
  drawRecordOf(history, range, sums);
  await Promise.all([drawDays(history, sums, range), drawHours(sums), drawTop(history, sums)]);
  drawListing(document.getElementById("every-play"), history, range);
}

function headlineOf(history, { range }) {
  const sums = sumsOf(history, range);
  const [first] = standing(history, sums, "artist", "plays");
  const most = sums.artists > 1 ? `, ${first.name} most of all` : "";
  return [`You pressed play for ${sayListening(sums.ms)}.`, `${count(sums.plays, "play")} by ${count(sums.artists, "artist")}${most}.`];
}

function drawRecordOf(history, range, sums) {
  const drawn = recordOf(history, range), { labels } = drawn;
  const each = { 1: "day", 7: "week", 14: "fortnight", 28: "four weeks" }[drawn.width] ?? "eight weeks";
  drawRecord(document.getElementById("record"), drawn, `A record of ${count(sums.plays, "play")}: one spoke for each ${each}, longer where you played more.`);
  const seen = labels.filter((_, at) => drawn.spokes.some((spoke) => spoke.parts[at]));
  writeLegend(document.getElementById("record-legend"), seen.reverse());
  document.getElementById("record-unit").textContent = `One spoke ${each === "day" ? "a day" : each.includes(" ") ? `for ${each}` : `a ${each}`}`;
}

function writeNumbers(history, sums, range, before) {
  const then = before && sumsOf(history, before);
  const compare = (of) => (then ? change(of(sums), of(then), before.words) : []);
  const share = sums.skipKnown ? sums.skipped / sums.skipKnown : null;
  const firsts = firstTimers(history, sums, range, then, before);
  setNumber("hours", sayHours(sums.ms), sums.ms, compare((one) => one.ms));
  setNumber("plays", number.format(sums.plays), sums.plays, compare((one) => one.plays));
  setNumber("artists", number.format(sums.artists), sums.artists, compare((one) => one.artists));
  setNumber("first-time-artists", ...firsts);
  setNumber("skipped", share === null ? "–" : percent(share), share ?? "", pointsChange(share, then, before));
  setNumber("streak", count(sums.streak.days, "day"), sums.streak.days, sayStreak(sums.streak));
}

// [arrow, words for ears, text]: the arrow is for eyes only.
function change(now, then, words) {
  if (!then) return [];
  const more = Math.round(100 * (now / then - 1));
  if (more === 0) return ["", "", `the same as ${words}`];
  if (now >= 3 * then) return ["", "", `${sayTimes(now / then)} ${words}`];
  return [more > 0 ? "↑" : "↓", more > 0 ? "up" : "down", `${Math.abs(more)}\u00a0% on ${words}`];
}

function pointsChange(share, then, before) {
  if (share === null) return ["", "", "nothing known about skips"];
  if (!then?.skipKnown) return [];
  const points = Math.round(100 * share) - Math.round((100 * then.skipped) / then.skipKnown);
  if (points === 0) return ["", "", `the same as ${before.words}`];
  return [points > 0 ? "↑" : "↓", points > 0 ? "up" : "down", `${count(Math.abs(points), "point")} on ${before.words}`];
}

function firstTimers(history, sums, range, then, before) {
  const settled = history.span.first + FIRST_DAYS;
  if (range.last < settled) return ["–", "", ["", "", "your first 90 days are all new"]];
  const value = number.format(sums.newArtists);
  if (range.first < settled) return [value, sums.newArtists, ["", "", "after your first 90 days"]];
  return [value, sums.newArtists, then && before.first >= settled ? change(sums.newArtists, then.newArtists, before.words) : []];
}

function sayStreak({ days, last }) {
  return days > 1 ? ["", "", `${shortDate.format(dateOf(last - days + 1))} to ${shortDate.format(dateOf(last))}`] : [];
}

function setNumber(name, text, value, [arrow = "", aloud = "", note = ""] = []) {
  const place = document.querySelector(`[data-figure="${name}"]`);
  place.dataset.value = value;
  place.querySelector(".value").textContent = text;
  place.querySelector(".change").replaceChildren(
    element("span", arrow && `${arrow} `, { "aria-hidden": "true" }),
    element("span", aloud && `${aloud} `, { class: "aloud" }),
    note || " ",
  );
}

function drawDays(history, sums, range) {
  const rows = daily(history.days, range).map((one) => ({
    ...one,
    date: one.day * DAY_MS,
    dayName: `${WEEKDAYS[weekdayOf(one.day)]}, ${sayDay(one.day)}`,
    said: number.format(one.plays),
    usual: number.format(Math.round(one.average)),
  }));
  const late = sums.busiest.day - range.first > 0.7 * (range.last - range.first);
  const peak = [{ date: sums.busiest.day * DAY_MS, plays: sums.busiest.plays, label: count(sums.busiest.plays, "play"), late }];
  return drawFigure("plays", {
    title: findingOf("plays", { isOneDay: range.first === range.last, day: sums.busiest.day, plays: sums.busiest.plays, usual: sums.usualDay }),
    data: { days: rows, peak },
    table: {
      columns: ["Day", "Plays", "30-day average"],
      rows: rows.map((one) => ({ cells: [sayDay(one.day), one.said, one.usual], facts: { day: isoOf(one.day), plays: one.plays } })),
    },
  });
}

function hourFacts({ hours, plays }) {
  const ofDay = Array.from({ length: 24 }, (_, hour) => hours.reduce((sum, n, at) => sum + (at % 24 === hour ? n : 0), 0));
  const most = Math.max(...hours), mostOfDay = Math.max(...ofDay);
  return { plays, most, peak: hours.indexOf(most), mostOfDay, peakOfDay: ofDay.indexOf(mostOfDay) };
}

function drawHours(sums) {
  const rows = Array.from(sums.hours, (plays, at) => {
    const weekday = WEEKDAYS[Math.floor(at / 24)], hour = at % 24;
    return { weekday: weekday.slice(0, 3), hour, plays, when: `${weekday}, ${hour}:00 to ${hour + 1}:00`, said: number.format(plays) };
  });
  document.getElementById("heat-most").textContent = count(Math.max(...sums.hours), "play");
  return drawFigure("hours", {
    title: findingOf("hours", hourFacts(sums)),
    data: { hours: rows },
    table: { columns: ["Hour", "Plays"], rows: rows.map((one) => ({ cells: [one.when, one.said], facts: { plays: one.plays } })) },
  });
}

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

function drawTop(history, sums) {
  const kind = chosen("top-kind"), by = chosen("top-by");
  const rows = standing(history, sums, kind, by).slice(0, 12);
  const [first, second] = rows;
  return drawFigure("top", {
    title: findingOf("top", { first, second, lead: second?.[by] ? first[by] / second[by] : Infinity }),
    subtitle: `${by === "plays" ? "Plays" : "Hours"} by ${kind}, top twelve`,
    height: heightOf(rows),
    data: { rows: barsOf(rows, (one) => one[by], (one) => (by === "plays" ? number.format(one.plays) : `${sayHours(one.ms)} h`)) },
    table: rankedTable(rows, kind),
  });
}

// Artists, tracks or albums as a table in which each leads to its own view.
function rankedTable(rows, kind, isOneArtist = kind === "artist") {
  return {
    columns: isOneArtist ? [capital(kind), "Plays", "Hours"] : [kind === "track" ? "Track" : "Album", "Artist", "Plays", "Hours"],
    rows: rows.map((one) => ({
      cells: [one.name, ...(isOneArtist ? [] : [one.artist]), number.format(one.plays), sayHours(one.ms)],
      facts: { name: one.name, plays: one.plays, ms: one.ms },
      of: one,
    })),
  };
}

// A ranking is as high as it has rows; where these are few, they have more room.
const heightOf = (rows) => Math.max(22 * rows.length, Math.min(FIGURE, 34 * rows.length));
const FIGURE = 210; // pixels, as high as its neighbours

// Rows of a ranking for its chart; a click on a bar leads to its view.
function barsOf(rows, value, said) {
  const reach = Math.max(0, ...rows.map(value)) * 1.22;
  return distinct(rows).map((one, at) => ({ ...one, rank: at + 1, value: value(one), reach, said: said(one), plays: one.plays === undefined ? "" : number.format(one.plays), hours: one.ms === undefined ? "" : sayHours(one.ms) }));
}

// Bars are told apart by their label, and two tracks may share a name: the second brings its artist, a third an invisible mark.
function distinct(rows) {
  const seen = new Set();
  return rows.map((one) => {
    let label = one.name;
    if (seen.has(label)) label = `${label} (${one.artist})`;
    while (seen.has(label)) label += "\u200b";
    seen.add(label);
    return { ...one, label };
  });
}
