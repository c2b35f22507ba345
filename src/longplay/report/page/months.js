// The little tables that SQL made, most of them by month, and how days are put together to months, weeks and years.

const columnsOf = (table) => Object.keys(table ?? {});

// Numbers that only rise are told by their steps, under a name that says so.
const risen = (steps) => steps.reduce((all, step) => (all.push((all.at(-1) ?? 0) + step), all), []);

async function openReports() {
  const { tables, ...more } = JSON.parse(await opened("packed-reports"));
  for (const table of Object.values(tables)) {
    for (const name of columnsOf(table).filter((one) => one.startsWith("+"))) table[name.slice(1)] = risen(table[name]), delete table[name];
  }
  const rows = (name) => {
    const names = columnsOf(tables[name]);
    return names.length ? tables[name][names[0]].map((_, at) => Object.fromEntries(names.map((column) => [column, tables[name][column][at]]))) : [];
  };
  return { ...more, rows, has: (name) => name in tables };
}

const startOfMonth = (day) => Math.round(Date.UTC(dateOf(day).getUTCFullYear(), dateOf(day).getUTCMonth(), 1) / DAY_MS);
const nextMonth = (day) => Math.round(Date.UTC(dateOf(day).getUTCFullYear(), dateOf(day).getUTCMonth() + 1, 1) / DAY_MS);

// Every month of which the range has a day.
const inMonths = (rows, range) => rows.filter((row) => row.month <= range.last && nextMonth(row.month) > range.first);

// In words which months those are.
function sayMonths(range) {
  const first = sayMonth(range.first), last = sayMonth(range.last);
  return first === last ? first : `${first} to ${last}`;
}

const add = (rows, field) => rows.reduce((sum, row) => sum + (row[field] ?? 0), 0);

// Rows put together by one of their fields.
function grouped(rows, field) {
  const groups = new Map();
  for (const row of rows) groups.set(row[field], [...(groups.get(row[field]) ?? []), row]);
  return groups;
}

// A range in steps that can be told apart: days, weeks, or months of the calendar. The last one may not be over, and of the first
// and the last month the range may hold a part.
function binsOf(range, span) {
  const days = range.last - range.first + 1, size = days <= 45 ? 1 : days <= 200 ? 7 : 0;
  const bins = [];
  for (let day = size ? range.first : startOfMonth(range.first); day <= range.last; ) {
    const next = size ? day + size : nextMonth(day);
    const first = Math.max(day, range.first), last = Math.min(next - 1, range.last);
    bins.push({ first, last, start: day, end: next, unfinished: next - 1 > span.last, isCut: first > day || last < next - 1, when: size === 1 ? sayDay(day) : size ? saySpan(first, last) : sayMonth(day) });
    day = next;
  }
  return { bins, each: size === 1 ? "day" : size ? "week" : "month", at: (day) => (size ? Math.floor((day - range.first) / size) : monthsBetween(range.first, day)) };
}

function monthsBetween(first, day) {
  const a = dateOf(first), b = dateOf(day);
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
}

// A row for a chart over time: where its column begins and ends.
const placed = (bin) => ({ date: bin.start * DAY_MS, end: bin.end * DAY_MS, when: bin.when, unfinished: bin.unfinished || bin.isCut === true, note: bin.unfinished ? "not over yet" : bin.isCut ? `from ${saySpan(bin.first, bin.last)}` : "" });

// A few days of a month say nothing about a month: a curve leaves them out, tables do not.
const isSliver = (bin) => bin.end - bin.start > 7 && bin.last - bin.first < 6;

// Months as bins, of rows that have a month.
const monthBin = (row, span) => ({ first: row.month, start: row.month, end: nextMonth(row.month), when: sayMonth(row.month), unfinished: row.is_unfinished ?? nextMonth(row.month) - 1 > span.last });

// Each value with the average of the last twelve that are known.
function averaged(rows, field = "value") {
  return rows.map((row, at) => {
    const known = rows.slice(Math.max(0, at - 11), at + 1).filter((one) => one[field] !== null && !one.unfinished);
    return { ...row, average: known.length ? add(known, field) / known.length : null };
  });
}
