// The fifth tab: a card for each year, every day of a calendar, and two periods side by side.

function yearsHeadline(history, { range }) {
  const sums = sumsOf(history, range), made = calendarDays(history, range), loud = made.filter((one) => one.plays).length;
  return [`${count(loud, "day")} with music.`, `Of ${number.format(made.length)} days; the longest streak was ${count(sums.streak.days, "day")}.`];
}

async function drawYears(history, { range, versus }) {
  await Promise.all([drawCards(), drawCalendar(history, range), drawVersus(history, range, versus), drawMovers(history, range, versus)]);
}

// Cards are drawn once; they follow the page's colours by themselves.
async function drawCards() {
  const place = document.getElementById("cards");
  if (place.childElementCount) return;
  const years = await yearsWithCards();
  await Promise.all(years.map(async (year) => {
    const card = element("figure", "", { class: "year-card" }), picture = element("div"), actions = element("div", "", { class: "actions" });
    for (const [shape, label] of [["portrait", "Save card"], ["square", "Save square card"]]) {
      const button = element("button", label, { type: "button", "aria-label": `${label} of ${year}`, "data-card": `${year}-${shape}` });
      button.onclick = () => saveCard(year, shape);
      actions.append(button);
    }
    card.append(picture, actions);
    place.append(card);
    await placeCard(picture, year);
  }));
}

function calendarDays({ days }, range) {
  const first = Math.max(range.first, days.first), last = Math.min(range.last, days.last);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => ({ day: first + at, plays: days.plays[first + at - days.first] }));
}

// Where a day stands in a calendar: its week of the year, and its row among all years. An eighth row keeps years apart.
function calendarPlace(day) {
  const year = yearOf(day), january = dayOf(`${year}-01-01`);
  return { week: Math.floor((day - january + weekdayOf(january)) / 7), row: year * 8 + weekdayOf(day), when: `${WEEKDAYS[weekdayOf(day)]}, ${sayDay(day)}` };
}

// Of very long ranges the last ten years: more would be a wall.
const YEARS_SHOWN = 10;
function calendarHeight(rows) {
  const years = new Set(rows.map((one) => Math.floor(one.row / 8))).size || 1;
  return (years > 2 ? 11 : 15) * 8 * years;
}
const shownOf = (days) => days.filter((one) => yearOf(one.day) > yearOf(days.at(-1).day) - YEARS_SHOWN);

function longestSilence(days) {
  let longest = 0, run = 0;
  for (const one of days) longest = Math.max(longest, (run = one.plays ? 0 : run + 1));
  return longest;
}

function drawCalendar(history, range) {
  const days = calendarDays(history, range), loud = days.filter((one) => one.plays).length;
  const rows = shownOf(days).map((one) => ({ ...calendarPlace(one.day), plays: one.plays, said: number.format(one.plays) }));
  document.getElementById("calendar-most").textContent = count(Math.max(...rows.map((one) => one.plays)), "play");
  return drawFigure("calendar", {
    title: findingOf("calendar", { days: days.length, loud, silent: days.length - loud, gap: longestSilence(days) }),
    subtitle: `Plays of each day, a column a week${rows.length < days.length ? `; the last ${YEARS_SHOWN} years` : ""}`,
    height: calendarHeight(rows),
    data: { rows },
    table: { columns: ["Day", "Plays"], rows: [...days].reverse().map((one) => ({ cells: [sayDay(one.day), number.format(one.plays)], facts: { day: isoOf(one.day), plays: one.plays } })) },
  });
}

// Hours that add up day by day from the first of a range.
function running(history, range) {
  const { plays } = history, rows = [], end = firstPlayFrom(plays, range.last + 1);
  const last = Math.min(range.last, history.span.last);
  let i = firstPlayFrom(plays, range.first), ms = 0;
  for (let day = range.first; day <= last; day++) {
    for (; i < end && dayAt(plays, i) <= day; i++) ms += plays.ms[i];
    rows.push({ day: day - range.first + 1, date: day, ms, hours: ms / HOUR_MS });
  }
  return rows;
}

// No more points than a line can show.
const thinned = (rows, most = 400) => rows.filter((_, at) => at === rows.length - 1 || at % Math.ceil(rows.length / most) === 0);

function drawVersus(history, range, versus) {
  const now = running(history, range), then = versus ? running(history, versus) : [];
  const [ms, before] = [now.at(-1)?.ms ?? 0, then.at(-1)?.ms ?? 0];
  const label = { now: range.isYear ? range.name : "these days", then: versus?.words ?? "" };
  const rows = [["now", now], ["then", then]].flatMap(([kind, some]) => thinned(some).map((one) => ({ day: one.day, kind, hours: one.hours, when: `Day ${one.day}, ${sayDay(one.date)}`, said: sayLong(one.ms), other: label[kind] })));
  const ends = [["now", now], ["then", then]].filter(([, some]) => some.length).map(([kind, some]) => ({ ...some.at(-1), kind, label: label[kind], isAbove: (kind === "now" ? ms >= before : before > ms) || Math.abs(ms - before) > 0.2 * Math.max(ms, before) }));
  return drawFigure("versus", {
    title: findingOf("versus", { now: ms, then: before, words: label.then }),
    subtitle: `Hours that add up, from the first day of each period: ${saySpan(range.first, range.last)}${versus ? ` and ${saySpan(versus.first, versus.last)}` : ""}`,
    data: { rows, ends },
    table: { columns: ["Day", "Hours", versus ? `Hours, ${label.then}` : "–"], rows: now.map((one, at) => ({ cells: [`${one.day}`, sayHours(one.ms), then[at] ? sayHours(then[at].ms) : "–"], facts: { day: one.day, ms: one.ms, before: then[at]?.ms ?? "" } })) },
  });
}

const A_HUNDREDTH = 0.01;

// Artists by how their share of the plays differs between two ranges.
function moversOf(history, range, versus) {
  const shares = (of) => {
    const sums = sumsOf(history, of);
    return new Map(standing(history, sums, "artist", "plays").map((one) => [one.id, { ...one, share: one.plays / (sums.plays || 1) }]));
  };
  const now = shares(range), then = shares(versus);
  return [...new Set([...now.keys(), ...then.keys()])].map((id) => ({ ...(now.get(id) ?? then.get(id)), now: now.get(id)?.share ?? 0, then: then.get(id)?.share ?? 0 }))
    .map((one) => ({ ...one, moved: one.now - one.then })).sort((a, b) => b.moved - a.moved || a.id - b.id);
}

function drawMovers(history, range, versus) {
  const isKnown = versus && sumsOf(history, versus).plays > 0;
  const all = isKnown ? moversOf(history, range, versus).filter((one) => Math.abs(one.moved) >= A_HUNDREDTH / 10) : [];
  const rows = [...all.filter((one) => one.moved > 0).slice(0, 6), ...all.filter((one) => one.moved < 0).slice(-6)];
  const [rise, fall] = [rows[0], rows.at(-1)], reach = Math.max(0, ...rows.map((one) => Math.abs(one.moved)));
  const signed = (moved) => `${moved > 0 ? "+" : "−"}${Math.abs(100 * moved).toFixed(1)}`;
  return drawFigure("movers", {
    title: isKnown ? findingOf("movers", { rise: rise?.moved >= A_HUNDREDTH ? rise : null, fall: fall?.moved <= -A_HUNDREDTH ? fall : null }) : findingOf("versus", { then: 0 }),
    subtitle: isKnown ? `How much more or less of your plays than ${versus.words}, in points of a hundred` : "Choose what to compare with at the top",
    isEmpty: !rows.length,
    height: heightOf(rows),
    data: { rows: distinct(rows).map((one) => ({ ...one, plays: undefined, value: one.moved, reach: Math.sign(one.moved) * reach * 1.3, short: signed(one.moved), said: `${signed(one.moved)} points`, note: `${percent(one.now)} now, ${percent(one.then)} then` })) },
    table: { columns: ["Artist", "Now", "Then", "Points"], rows: rows.map((one) => ({ cells: [one.name, percent(one.now), percent(one.then), signed(one.moved)], facts: { name: one.name, moved: one.moved }, of: one })) },
  });
}
