// Opens the plays, then draws whatever the address asks for, now and whenever it changes.

let listening; // the history of whoever the page is of

async function start() {
  document.getElementById("theme").onclick = switchTheme;
  document.getElementById("print").onclick = printPage;
  if (root.dataset.empty !== undefined) return ready();
  const [plays, reports] = await Promise.all([openPlays(), openReports(), openRuntime()]);
  const span = { first: dayOf(root.dataset.first), last: dayOf(root.dataset.last) };
  const artistLinks = new Map(reports.rows("artist-links").map((row) => [row.id, row.link]));
  listening = { plays, span, reports, artistLinks, families: familiesOf(plays, reports), days: daysOf(plays, span.first, span.last) };
  writeQueries(reports.sql);
  hideUntold(reports);
  listen(listening);
  await show(listening);
  ready();
}

const ready = () => root.setAttribute("data-ready", "");

// One drawing after another; only the last one asked for is worth starting.
let drawing = Promise.resolve(), asked = 0;
function show(history) {
  const mine = ++asked;
  drawing = drawing.then(() => (mine === asked ? draw(history) : undefined));
  return drawing;
}

async function draw(history) {
  const before = state;
  state = stateFrom(location.hash, history.span);
  root.removeAttribute("data-drawn");
  writeTabs(state);
  markRange(history, state);
  await (state.look ? drawLook(history, state) : drawTab(history, state));
  if (before && (before.look?.name !== state.look?.name || before.tab !== state.tab)) arrive();
  root.setAttribute("data-drawn", state.range.name);
}

// What asks a table that is not there has nothing to say: a page to publish has fewer of them.
function hideUntold(reports) {
  document.querySelectorAll("figure[data-asks]").forEach((one) => one.classList.toggle("untold", !reports.has(one.id.slice("figure-".length))));
}

// A tab is drawn when somebody looks at it; where a range has no play, one message stands for all of its charts.
async function drawTab(history, now) {
  const isSilent = !now.tab.isAlways && sumsOf(history, now.range).plays === 0;
  for (const tab of TABS) document.getElementById(tab.name).hidden = tab !== now.tab || isSilent;
  document.getElementById("look").hidden = true;
  writeHero(now, isSilent ? ["Not a single play.", "Pick a wider range to see your listening again."] : now.tab.headline(history, now));
  document.querySelector(".record").hidden = isSilent || now.tab !== TABS[0];
  if (!isSilent) await now.tab.draw(history, now);
}

function writeHero({ range, tab }, [headline, line]) {
  document.querySelector(".hero").hidden = false;
  document.querySelector(".hero").classList.toggle("slim", tab !== TABS[0]);
  document.querySelector(".filter").hidden = Boolean(tab.isAlways);
  document.getElementById("range-words").textContent = tab.isAlways ? "Where it comes from" : saySpan(range.first, range.last);
  document.getElementById("headline").textContent = headline;
  document.getElementById("sub-line").replaceChildren(...written(line));
}

// Who came to another view begins at its top.
function arrive() {
  window.scrollTo({ top: 0 });
  if (state.look) document.getElementById("look-name").focus({ preventScroll: true });
}

function listen(history) {
  writePresets(history.span);
  writeComparisons(history.span);
  listenToSearch(history);
  window.addEventListener("hashchange", () => show(history));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(history));
  root.addEventListener("themechange", () => show(history));
  document.getElementById("dates").onchange = () => goToDates("from", "to", (range) => go({ range: { name: range } }));
  document.getElementById("other-dates").onchange = () => goToDates("then-from", "then-to", (compared) => go({ compared }));
  document.querySelectorAll("input[name^=top-]").forEach((one) => (one.onchange = () => show(history)));
  document.querySelectorAll("[data-toggle]").forEach((one) => (one.onclick = () => toggle(one)));
  document.querySelectorAll("[data-save]").forEach((one) => (one.onclick = () => saveImage(one.dataset.save)));
}

function writePresets(span) {
  const all = presets(span), years = all.filter((one) => one.isYear), earlier = years.length > YEARS_AS_BUTTONS + 1 ? years.slice(YEARS_AS_BUTTONS) : [];
  const made = all.filter((one) => !earlier.includes(one)).map((one) => {
    const button = element("button", one.label, { type: "button", "data-range": one.name });
    button.onclick = () => go({ range: one });
    return button;
  });
  if (earlier.length) made.push(earlierYears(earlier));
  document.getElementById("presets").replaceChildren(...made);
}

// Years long ago take one place together.
const YEARS_AS_BUTTONS = 4;
function earlierYears(years) {
  const select = element("select", "", { id: "earlier", "aria-label": "An earlier year" });
  select.replaceChildren(...[["", "earlier"], ...years.map((one) => [one.name, one.label])].map(([value, label]) => element("option", label, { value })));
  select.onchange = () => select.value && go({ range: { name: select.value } });
  return select;
}

function writeComparisons(span) {
  const years = presets(span).filter((one) => one.isYear).map((one) => [one.name, one.label]);
  const choices = [["", "the period before"], ...years, ["dates", "other dates"], ["none", "nothing"]];
  const select = document.getElementById("compared");
  select.replaceChildren(...choices.map(([value, label]) => element("option", label, { value })));
  select.onchange = () => go({ compared: select.value === "dates" ? state.versus ? `${isoOf(state.versus.first)}..${isoOf(state.versus.last)}` : `${isoOf(span.first)}..${isoOf(state.range.first)}` : select.value });
}

function goToDates(first, last, goTo) {
  const from = document.getElementById(first).value, to = document.getElementById(last).value;
  if (from && to) goTo(from <= to ? `${from}..${to}` : `${to}..${from}`);
}

function markRange(history, { range, compared, versus }) {
  document.querySelectorAll("[data-range]").forEach((one) => one.setAttribute("aria-pressed", `${one.dataset.range === range.name}`));
  document.getElementById("from").value = isoOf(range.first);
  document.getElementById("to").value = isoOf(range.last);
  const earlier = document.getElementById("earlier");
  if (earlier) earlier.value = [...earlier.options].some((one) => one.value === range.name) ? range.name : "";
  const select = document.getElementById("compared"), isFree = compared.includes("..");
  select.value = isFree ? "dates" : [...select.options].some((one) => one.value === compared) ? compared : "";
  document.getElementById("other-dates").hidden = !isFree;
  if (!isFree || !versus) return;
  document.getElementById("then-from").value = isoOf(versus.first);
  document.getElementById("then-to").value = isoOf(versus.last);
}

function switchTheme() {
  const theme = themeNow() === "dark" ? "light" : "dark";
  root.dataset.theme = theme;
  keepTheme(theme);
  root.dispatchEvent(new Event("themechange"));
}

// Paper is light: the charts are drawn again before the print and after it.
async function printPage() {
  const kept = root.dataset.theme;
  root.dataset.theme = "light";
  root.dispatchEvent(new Event("themechange"));
  await drawing;
  print();
  if (kept) root.dataset.theme = kept;
  else delete root.dataset.theme;
  root.dispatchEvent(new Event("themechange"));
}

start();
