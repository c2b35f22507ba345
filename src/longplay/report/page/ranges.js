// Ranges of days: the presets, two free dates, and how both are written in the address after the #.

function presets(span) {
  const back = (name, label, days, words) => ({ name, label, first: span.last - days + 1, last: span.last, words });
  const years = [];
  for (let year = yearOf(span.last); year >= yearOf(span.first); year--) years.push(wholeYear(year, span));
  return [
    back("30-days", "30 days", 30, "the 30 days before"),
    back("90-days", "90 days", 90, "the 90 days before"),
    { name: "12-months", label: "12 months", first: yearEarlier(span.last) + 1, last: span.last, words: "the year before" },
    { name: "all-time", label: "All time", first: span.first, last: span.last, words: "" },
    ...years,
  ];
}

// A year that is not over is compared with the same days of the year before.
function wholeYear(year, span) {
  const end = dayOf(`${year}-12-31`);
  const words = end > span.last ? `the same days of ${year - 1}` : `${year - 1}`;
  return { name: `${year}`, label: `${year}`, first: dayOf(`${year}-01-01`), last: Math.min(end, span.last), words, isYear: true };
}

function yearEarlier(day) {
  const date = dateOf(day);
  return Math.round(Date.UTC(date.getUTCFullYear() - 1, date.getUTCMonth(), date.getUTCDate()) / DAY_MS);
}

function freeRange(first, last) {
  const days = last - first + 1;
  return { name: `${isoOf(first)}..${isoOf(last)}`, first, last, words: days === 1 ? "the day before" : `the ${number.format(days)} days before` };
}

// What a range is compared with; nothing where the history does not reach that far back.
function periodBefore(range, span) {
  const yearly = range.isYear || range.name === "12-months";
  const first = yearly ? yearEarlier(range.first) : range.first - (range.last - range.first + 1);
  const last = range.isYear ? yearEarlier(range.last) : range.first - 1;
  return range.words && first >= span.first ? { first, last, words: range.words } : null;
}

function rangeNamed(name, span) {
  const preset = presets(span).find((one) => one.name === name);
  if (preset) return preset;
  const dates = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(name ?? "");
  const [first, last] = dates ? [dayOf(dates[1]), dayOf(dates[2])] : [NaN, NaN];
  if (first <= last) return freeRange(first, last);
  return rangeNamed(span.last - span.first < 365 ? "all-time" : "12-months", span);
}

// What to compare with, as the address names it: nothing said means the period before.
function versusNamed(name, range, span) {
  if (name === "none") return null;
  const named = name && /^\d{4}/.test(name) ? rangeNamed(name, span) : null;
  if (!named) return periodBefore(range, span);
  return { ...named, words: named.isYear ? named.name : saySpan(named.first, named.last) };
}
