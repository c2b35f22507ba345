// A chart's title is what it shows, in one sentence. Thresholds keep it honest: near the middle it says so.

// A day stands out at twice the usual one.
function findBusiestDay({ busiest, usualDay }, range) {
  if (range.first === range.last) return `${sayDay(range.first)} had ${count(busiest.plays, "play")}`;
  const said = `${sayDay(busiest.day)}: ${count(busiest.plays, "play")}`;
  const ratio = busiest.plays / usualDay;
  if (ratio < 1.5) return `No day stands out; the busiest was ${said}`;
  if (ratio < 2) return `Your busiest day was ${said}`;
  return `Your busiest day was ${said}, ${sayTimes(ratio)} the usual`;
}

// An hour of the week leads by a tenth over all that are not beside it; an hour of the day with half more than its share.
function findBusiestHour({ hours, plays }) {
  const peak = hours.indexOf(Math.max(...hours));
  const beside = (at) => Math.floor(at / 24) === Math.floor(peak / 24) && Math.abs(at - peak) <= 1;
  const next = Math.max(...hours.map((n, at) => (beside(at) ? 0 : n)));
  const clock = `${peak % 24}:00`;
  if (hours[peak] >= 1.1 * next) return `${WEEKDAYS[Math.floor(peak / 24)]}s at ${clock} are your busiest hour`;
  const ofDay = Array.from({ length: 24 }, (_, hour) => hours.reduce((sum, n, at) => sum + (at % 24 === hour ? n : 0), 0));
  const top = ofDay.indexOf(Math.max(...ofDay));
  if (ofDay[top] >= (1.5 * plays) / 24) return `You listen most around ${top}:00, on no weekday in particular`;
  return "No hour of the week stands out";
}

// Half more is a distance, less than a twentieth is level.
function findFirst(rows, by) {
  const [first, second] = rows;
  if (!first) return "Nothing here has a name";
  if (!second) return `${first.name} had it all to themselves`;
  const lead = second[by] ? first[by] / second[by] : Infinity;
  if (lead >= 1.5) return `${first.name} came first, by a distance`;
  if (lead >= 1.05) return `${first.name} came first, ahead of ${second.name}`;
  return `${first.name} and ${second.name} are almost level`;
}
