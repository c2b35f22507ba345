// A chart's title is what it shows, in one sentence. A table of rules for each: the first one that holds speaks. Thresholds are
// those of `longplay insights`; near the middle nothing is claimed, and of what is known too little nothing is concluded.

const RULES = JSON.parse(document.getElementById("rules").textContent);
const otherwise = () => true;
const findingOf = (name, facts) => FINDINGS[name].find(([holds]) => holds(facts))[1](facts);
const points = (share) => Math.round(100 * Math.abs(share));
const TO_KNOW_MORE = "`longplay enrich` asks for the rest";

const FINDINGS = {
  // A day stands out at twice the usual one.
  plays: [
    [(f) => f.isOneDay, (f) => `${sayDay(f.day)} had ${count(f.plays, "play")}`],
    [(f) => f.plays < 1.5 * f.usual, (f) => `No day stands out; the busiest was ${sayDay(f.day)}: ${count(f.plays, "play")}`],
    [(f) => f.plays < 2 * f.usual, (f) => `Your busiest day was ${sayDay(f.day)}: ${count(f.plays, "play")}`],
    [otherwise, (f) => `Your busiest day was ${sayDay(f.day)}: ${count(f.plays, "play")}, ${sayTimes(f.plays / f.usual)} the usual`],
  ],
  // An hour of the week stands out at twice what it would have if all were alike; an hour of the day at half more.
  hours: [
    [(f) => f.plays < RULES.enough_plays, () => "Too few plays to name your hour of the week"],
    [(f) => f.most * 168 >= RULES.stands_out * f.plays, (f) => `${WEEKDAYS[Math.floor(f.peak / 24)]}s at ${clock(f.peak % 24)} are your busiest hour`],
    [(f) => f.mostOfDay * 24 >= 1.5 * f.plays, (f) => `You listen most around ${clock(f.peakOfDay)}, on no weekday in particular`],
    [otherwise, () => "No hour of the week stands out"],
  ],
  // Half more is a distance, less than a twentieth is level.
  top: [
    [(f) => !f.first, () => "Nothing here has a name"],
    [(f) => !f.second, (f) => `${f.first.name} had it all to themselves`],
    [(f) => f.lead >= 1.5, (f) => `${f.first.name} came first, by a distance`],
    [(f) => f.lead >= 1 + RULES.close, (f) => `${f.first.name} came first, ahead of ${f.second.name}`],
    [otherwise, (f) => `${f.first.name} and ${f.second.name} are almost level`],
  ],
  newness: [
    [(f) => !f.isSettled, () => "In your first 90 days everything is new"],
    [(f) => f.plays < RULES.enough_plays, () => "Too few plays to say how much of it was new"],
    [(f) => !f.artist && !f.track, () => "You played nothing you had just met"],
    [(f) => f.artist + f.track < RULES.close * f.plays, (f) => `You stayed with what you knew: ${percent((f.artist + f.track) / f.plays)} of plays were of anything new`],
    [otherwise, (f) => `${capital(percent(f.artist / f.plays))} of plays went to artists you had just met, ${percent(f.track / f.plays)} to new tracks by others`],
  ],
  "first-timers": [
    [(f) => !f.isSettled, () => "In your first 90 days everybody is new"],
    [(f) => !f.artists, () => "You met nobody new"],
    [(f) => f.months < 3, (f) => `You met ${count(f.artists, "artist")} for the first time`],
    [(f) => f.most >= 2 * f.usual, (f) => `${f.when} was your month of discovery: ${count(f.most, "artist")} for the first time`],
    [otherwise, (f) => `You met ${count(f.artists, "artist")} for the first time, no month by far the most`],
  ],
  channels: [
    [(f) => !f.songs, () => "No song was new to you in these months"],
    [(f) => f.known < RULES.enough_discoveries, (f) => `How you found a song is known of ${number.format(f.known)} of ${number.format(f.songs)}: too few to tell`],
    [(f) => f.second && f.first.songs - f.second.songs < RULES.close * f.known, (f) => `You found songs by ${f.first.words} and by ${f.second.words} alike`],
    [otherwise, (f) => `Where it is known, you found songs mostly by ${f.first.words}: ${percent(f.first.songs / f.known)}`],
  ],
  stayed: [
    [(f) => f.judged < RULES.enough_discoveries, () => "Too few discoveries are old enough to say how many stay"],
    [otherwise, (f) => `${percent(f.stuck / f.judged)} of the artists you discovered were still with you after 90 days`],
  ],
  returned: [
    [(f) => !f.artists, () => "Nobody came back after a year of silence"],
    [(f) => !f.name || f.days < 730, (f) => `${count(f.artists, "artist")} came back after a year of silence or more`],
    [otherwise, (f) => `${count(f.artists, "artist")} came back after a year of silence; ${f.name} after ${sayYears(f.days)}`],
  ],
  genres: [
    [(f) => !f.coverage, () => "Not one genre of it is known"],
    [(f) => f.coverage < RULES.known, (f) => `The genres of ${percent(f.coverage)} of it are known: too little to tell`],
    [(f) => !f.rise && !f.fall && f.share > RULES.half, (f) => `${capital(f.most)} is most of it`],
    [(f) => !f.rise && !f.fall, (f) => `${capital(f.most)} is the largest part: ${percent(f.share)}`],
    [(f) => !f.fall, (f) => `${capital(f.rise.family)} moved in`],
    [(f) => !f.rise, (f) => `${capital(f.fall.family)} moved out`],
    [otherwise, (f) => `${capital(f.rise.family)} moved in, ${f.fall.family} moved out`],
  ],
  ranks: [
    [(f) => !f.years, () => "No year has genres that are known well enough"],
    [(f) => f.years < 2, (f) => `${capital(f.last)} leads`],
    [(f) => f.leaders.length === 1, (f) => `${capital(f.last)} led every year`],
    [(f) => f.leaders.length > 1 && f.last !== f.before, (f) => `${capital(f.last)} took the lead from ${f.before}`],
    [otherwise, (f) => `${capital(f.last)} leads; ${listed(f.leaders.filter((one) => one !== f.last))} did before`],
  ],
  half: [
    [(f) => f.plays < RULES.enough_plays, () => "Too few plays to say how many artists carry them"],
    [(f) => f.needed === 1, () => "One artist is half of your plays"],
    [otherwise, (f) => `${capital(count(f.needed, "artist"))} of ${number.format(f.artists)} made half of your plays`],
  ],
  variety: [
    [(f) => Math.min(f.months, f.monthsBefore) < RULES.enough_months || !f.before, (f) => (f.effective === null ? "Too few whole months to say how varied it is" : `A usual month is as varied as ${count(Math.round(f.effective), "artist")} played equally`)],
    [(f) => Math.abs(f.lately / f.before - 1) < RULES.close, (f) => `As varied as ever: thirty plays hold ${Math.round(f.lately)} artists`],
    [otherwise, (f) => `It got ${f.lately > f.before ? "wider" : "narrower"}: thirty plays hold ${f.lately.toFixed(1)} artists, ${f.before.toFixed(1)} before`],
  ],
  mood: [
    [(f) => !f.coverage, () => "How it sounds is not known"],
    [(f) => f.coverage < RULES.known || f.valence === null, (f) => `How it sounds is known of ${percent(f.coverage)} of it: too little to tell`],
    [(f) => !sideOf(f.valence, "x", "x") && !sideOf(f.energy, "x", "x"), () => "On balance, your music is in the middle: neither cheerful nor sombre, neither intense nor calm"],
    [otherwise, (f) => `On balance, your music is rather ${[sideOf(f.valence, "cheerful", "sombre"), sideOf(f.energy, "intense", "calm")].filter(Boolean).join(" and ")}`],
  ],
  "mood-hours": [
    [(f) => f.coverage < RULES.known || f.hours < 2, () => "Too little is known of how the hours sound"],
    [(f) => f.most.energy - f.least.energy < RULES.close, () => "Energy hardly changes with the hour"],
    [otherwise, (f) => `Most intense at ${clock(f.most.hour)}, calmest at ${clock(f.least.hour)}`],
  ],
  "skip-hours": [
    [(f) => f.plays < RULES.enough_plays, () => "Too few plays tell whether they were skipped"],
    [(f) => !f.most || f.most.value - f.least.value < 2 * RULES.close, (f) => `You skip ${percent(f.skips / f.plays)} of what starts, at all hours alike`],
    [otherwise, (f) => `You skip most at ${clock(f.most.hour)} (${percent(f.most.value)}), least at ${clock(f.least.hour)} (${percent(f.least.value)})`],
  ],
  "skip-newness": [
    [(f) => !f.last, () => "Too few plays tell whether new songs are skipped more"],
    [(f) => Math.abs(f.first - f.last) < RULES.close, (f) => `New songs fare like old ones: ${percent(f.first)} and ${percent(f.last)} are skipped`],
    [otherwise, (f) => `New songs have it ${f.first > f.last ? "harder" : "easier"}: ${percent(f.first)} of first plays are skipped, ${percent(f.last)} of old friends`],
  ],
  survival: [
    [(f) => f.plays < RULES.enough_plays, () => "Too few plays tell when songs are skipped"],
    [otherwise, (f) => `After 30 seconds ${percent(f.after30)} of songs still play, after three minutes ${percent(f.atEnd)}`],
  ],
  sessions: [
    [(f) => !f.sessions, () => "No sitting in these months"],
    [otherwise, (f) => `${count(f.sessions, "sitting")}, ${sayMinutes(f.ms / f.sessions)} long on average; the longest ${sayMinutes(f.longest)}`],
  ],
  platforms: [
    [(f) => !f.first, () => "Nothing tells on what you listened"],
    [(f) => !f.second, (f) => `All of it on ${f.first.label}`],
    [(f) => f.first.share - f.second.share < RULES.close, (f) => `${f.first.label} and ${f.second.label} share the lead`],
    [otherwise, (f) => `${percent(f.first.share)} of the time it was ${f.first.label}`],
  ],
  spoken: [
    [(f) => !f.podcast && !f.audiobook, () => "No podcast and no audiobook in these months"],
    [(f) => !f.audiobook, (f) => `${sayLong(f.podcast)} of podcasts${f.show ? `, ${f.show} most of all` : ""}`],
    [(f) => !f.podcast, (f) => `${sayLong(f.audiobook)} of audiobooks${f.show ? `, ${f.show} most of all` : ""}`],
    [otherwise, (f) => `${sayLong(f.podcast)} of podcasts and ${sayLong(f.audiobook)} of audiobooks`],
  ],
  calendar: [
    [(f) => f.days < 2, (f) => `${count(f.loud, "day")} with music`],
    [(f) => f.silent === 0, (f) => `Not one silent day in ${number.format(f.days)}`],
    [(f) => f.gap >= 14 && f.gap < f.days / 2, (f) => `Music on ${number.format(f.loud)} of ${number.format(f.days)} days; the longest silence was ${count(f.gap, "day")}`],
    [otherwise, (f) => `Music on ${number.format(f.loud)} of ${number.format(f.days)} days`],
  ],
  versus: [
    [(f) => !f.then, () => "Nothing to compare with: no plays in the other period"],
    [(f) => Math.abs(f.now / f.then - 1) < RULES.close, (f) => `About as much as ${f.words}: ${sayLong(f.now)}`],
    [otherwise, (f) => `${sayLong(f.now)}, ${f.now > f.then ? `${percent(f.now / f.then - 1)} more` : `${percent(1 - f.now / f.then)} less`} than ${f.words}`],
  ],
  movers: [
    [(f) => !f.rise && !f.fall, () => "Nobody rose or fell by as much as a hundredth of your plays"],
    [(f) => !f.fall, (f) => `${f.rise.name} rose most`],
    [(f) => !f.rise, (f) => `${f.fall.name} fell most`],
    [otherwise, (f) => `${f.rise.name} rose most, ${f.fall.name} fell most`],
  ],
  coverage: [
    [(f) => !f.gap && !f.partial, (f) => `All ${number.format(f.days)} days are told by an archive or by Spotify`],
    [(f) => !f.gap, (f) => `No day is missing; ${count(f.partial, "day")} may be incomplete`],
    [otherwise, (f) => `${count(f.gap, "day")} of ${number.format(f.days)} ${f.gap === 1 ? "is" : "are"} told by no source`],
  ],
  enriched: [
    [(f) => !f.genres && !f.sound, () => "Nobody was asked yet how it sounds or which genre it is"],
    [otherwise, (f) => `Genres are known for ${percent(f.genres)} of the listening, how it sounds for ${percent(f.sound)}`],
  ],
  "look-months": [
    [(f) => !f.plays, () => "Not a single play in this range"],
    [(f) => f.months < 2, (f) => `${count(f.plays, "play")}`],
    [otherwise, (f) => `Most in ${f.when}: ${count(f.most, "play")}`],
  ],
  "look-hours": [
    [(f) => f.plays < RULES.enough_plays, () => "Too few plays to name an hour"],
    [(f) => f.most * 24 < 1.5 * f.plays, () => "At no hour in particular"],
    [otherwise, (f) => `Mostly around ${clock(f.hour)}`],
  ],
  "look-ranks": [
    [(f) => !f.best, () => "In no year counted"],
    [(f) => f.years < 2, (f) => `Place ${number.format(f.best.rank)} in ${f.best.label}`],
    [otherwise, (f) => `Highest in ${f.best.label}: place ${number.format(f.best.rank)}`],
  ],
};

const sideOf = (value, above, below) => (Math.abs(value - RULES.middle) < RULES.close ? "" : value > RULES.middle ? above : below);
const sayYears = (days) => (days < 730 ? "a year and more" : `${Math.floor(days / 365.25)} years`);
const sayLong = (ms) => (ms >= HOUR_MS ? count(Math.floor(ms / HOUR_MS), "hour") : count(Math.floor(ms / 60_000), "minute"));
const sayMinutes = (ms) => (ms >= 2 * HOUR_MS ? `${(ms / HOUR_MS).toFixed(1)} hours` : count(Math.round(ms / 60_000), "minute"));
