// The first tab: the headline, the record, six numbers, and when and what you played.

async function drawOverview(history, range) {
  const sums = sumUp(history, range);
  writeHeadline(history, sums, range);
  const isSilent = sums.plays === 0;
  for (const part of document.querySelectorAll("[data-needs-plays]")) part.hidden = isSilent;
  writeNumbers(history, sums, range);
  if (isSilent) return;
  drawRecordOf(history, range, sums);
  await Promise.all([drawDays(history, sums, range), drawHours(sums), drawTop(history, sums)]);
}

function writeHeadline(history, sums, range) {
  const words = document.getElementById("range-words");
  words.textContent = saySpan(range.first, range.last);
  const [first] = ranked(history, sums, "artist", "plays");
  const headline = sums.plays ? `You pressed play for ${sayListening(sums.ms)}.` : "Not a single play.";
  const most = sums.artists > 1 ? `, ${first.name} most of all` : "";
  const line = sums.plays ? `${count(sums.plays, "play")} by ${count(sums.artists, "artist")}${most}.` : "Pick a wider range to see your listening again.";
  document.getElementById("headline").textContent = headline;
  document.getElementById("sub-line").textContent = line;
}

function drawRecordOf(history, range, sums) {
  const made = spokes(history.days, range);
  const each = { 1: "day", 7: "week", 14: "fortnight", 28: "four weeks" }[made.width] ?? "eight weeks";
  const shown = { first: made.spokes[0].first, last: made.spokes.at(-1).last };
  drawRecord(document.getElementById("record"), made, shown, `A record of ${count(sums.plays, "play")}: one spoke for each ${each}, longer where you played more.`);
  document.getElementById("record-unit").textContent = `One spoke ${each === "day" ? "a day" : each.includes(" ") ? `for ${each}` : `a ${each}`}`;
}

function writeNumbers(history, sums, range) {
  const before = periodBefore(range, history.span);
  const then = before && sumUp(history, before);
  const compare = (of) => (then ? change(of(sums), of(then), before.words) : []);
  const share = sums.skipKnown ? sums.skipped / sums.skipKnown : null;
  const firsts = firstTimers(history, sums, range, then, before);
  setNumber("hours", sayHours(sums.ms), sums.ms, compare((one) => one.ms));
  setNumber("plays", number.format(sums.plays), sums.plays, compare((one) => one.plays));
  setNumber("artists", number.format(sums.artists), sums.artists, compare((one) => one.artists));
  setNumber("first-time-artists", ...firsts);
  setNumber("skipped", share === null ? "–" : `${Math.round(100 * share)}%`, share ?? "", pointsChange(share, then, before));
  setNumber("streak", count(sums.streak.days, "day"), sums.streak.days, sayStreak(sums.streak));
}

// [arrow, words for ears, text]: the arrow is for eyes only.
function change(now, then, words) {
  if (!then) return [];
  const percent = Math.round(100 * (now / then - 1));
  if (percent === 0) return ["", "", `the same as ${words}`];
  if (now >= 3 * then) return ["", "", `${sayTimes(now / then)} ${words}`];
  return [percent > 0 ? "↑" : "↓", percent > 0 ? "up" : "down", `${Math.abs(percent)}% on ${words}`];
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
    title: findBusiestDay(sums, range),
    data: { days: rows, peak },
    table: {
      columns: ["Day", "Plays", "30-day average"],
      rows: rows.map((one) => ({ cells: [sayDay(one.day), one.said, one.usual], facts: { day: isoOf(one.day), plays: one.plays } })),
    },
  });
}

function drawHours(sums) {
  const rows = Array.from(sums.hours, (plays, at) => {
    const weekday = WEEKDAYS[Math.floor(at / 24)], hour = at % 24;
    return { weekday: weekday.slice(0, 3), hour, plays, when: `${weekday}, ${hour}:00 to ${hour + 1}:00`, said: number.format(plays) };
  });
  document.getElementById("heat-most").textContent = count(Math.max(...sums.hours), "play");
  return drawFigure("hours", {
    title: findBusiestHour(sums),
    data: { hours: rows },
    table: { columns: ["Hour", "Plays"], rows: rows.map((one) => ({ cells: [one.when, one.said], facts: { plays: one.plays } })) },
  });
}

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

function drawTop(history, sums) {
  const kind = chosen("top-kind"), by = chosen("top-by");
  const rows = ranked(history, sums, kind, by).slice(0, 12).map((one, at) => ({ ...one, rank: at + 1 }));
  const said = (one) => (by === "plays" ? number.format(one.plays) : `${sayHours(one.ms)} h`);
  return drawFigure("top", {
    title: findFirst(rows, by),
    subtitle: `${by === "plays" ? "Plays" : "Hours"} by ${kind}, top twelve`,
    data: { top: distinct(rows).map((one) => ({ ...one, value: one[by], reach: rows[0][by] * 1.2, said: said(one), plays: number.format(one.plays), hours: sayHours(one.ms) })) },
    table: {
      columns: kind === "artist" ? ["Artist", "Plays", "Hours"] : [kind === "track" ? "Track" : "Album", "Artist", "Plays", "Hours"],
      rows: rows.map((one) => ({
        cells: [one.name, ...(kind === "artist" ? [] : [one.artist]), number.format(one.plays), sayHours(one.ms)],
        facts: { name: one.name, plays: one.plays, ms: one.ms },
        link: one.link,
      })),
    },
  });
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
