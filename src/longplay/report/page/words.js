// Words and numbers as a reader in Britain writes them. Days are whole numbers since 1 January 1970, in local time.

const root = document.documentElement;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const number = new Intl.NumberFormat("en-GB");
const dates = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const longDate = dates({ day: "numeric", month: "long", year: "numeric" });
const shortDate = dates({ day: "numeric", month: "short", year: "numeric" });
const longMonth = dates({ month: "long", year: "numeric" });
const monthName = dates({ month: "short" });

const dateOf = (day) => new Date(day * DAY_MS);
const dayOf = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);
const isoOf = (day) => dateOf(day).toISOString().slice(0, 10);
const yearOf = (day) => dateOf(day).getUTCFullYear();
const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7; // Monday is 0; 1 January 1970 was a Thursday
const sayDay = (day) => longDate.format(dateOf(day));
const sayMonth = (day) => longMonth.format(dateOf(day));
const saySpan = (first, last) => (first === last ? sayDay(first) : `${sayDay(first)} to ${sayDay(last)}`);
const count = (n, one, many = `${one}s`) => `${number.format(n)} ${n === 1 ? one : many}`;

// Whole days and hours are floored: 110.9 days are 110 whole days.
function sayListening(ms) {
  if (ms >= 2 * DAY_MS) return `${number.format(Math.floor(ms / DAY_MS))} whole days`;
  if (ms >= HOUR_MS) return count(Math.floor(ms / HOUR_MS), "hour");
  return count(Math.floor(ms / 60_000), "minute");
}

// Under ten hours a tenth matters.
function sayHours(ms) {
  if (ms > 0 && ms < 360_000) return "under 0.1";
  if (ms === 0 || ms >= 10 * HOUR_MS) return number.format(Math.floor(ms / HOUR_MS));
  return (Math.floor(ms / 360_000) / 10).toFixed(1);
}

// A share as the command line says it.
const percent = (share) => (share > 0 && share < 0.005 ? "less than 1\u00a0%" : `${Math.round(100 * share)}\u00a0%`);
const clock = (hour) => `${hour}:00`;
const listed = (parts) => (parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? ""));
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// "four times", "2.4 times": small whole numbers in words.
function sayTimes(ratio) {
  const words = ["", "", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times", "nine times"];
  const nearest = Math.round(ratio);
  return Math.abs(ratio - nearest) < 0.1 && words[nearest] ? words[nearest] : `${ratio < 10 ? ratio.toFixed(1) : number.format(nearest)} times`;
}

// Text in which what stands between backticks is a command.
const written = (text) => text.split("`").map((part, at) => (at % 2 ? element("code", part) : part));

// An element with text in it. Names come from strangers: they are only ever text.
function element(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
