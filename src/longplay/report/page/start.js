// Opens the plays, then draws whatever the address asks for, now and whenever it changes.

const root = document.documentElement;

async function start() {
  document.getElementById("theme").onclick = switchTheme;
  document.getElementById("print").onclick = printPage;
  if (root.dataset.empty !== undefined) return ready();
  const [plays] = await Promise.all([openPlays(), openRuntime()]);
  const span = { first: dayOf(root.dataset.first), last: dayOf(root.dataset.last) };
  const history = { plays, span, days: daysOf(plays, span.first, span.last) };
  listen(history);
  await show(history);
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
  const now = stateFrom(location.hash, history.span);
  root.removeAttribute("data-drawn");
  writeTabs(now);
  markRange(now.range);
  await now.tab.draw(history, now.range);
  root.setAttribute("data-drawn", now.range.name);
}

function listen(history) {
  writePresets(history.span);
  window.addEventListener("hashchange", () => show(history));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(history));
  root.addEventListener("themechange", () => show(history));
  document.getElementById("dates").onchange = () => goToDates();
  document.querySelectorAll("input[name^=top-]").forEach((one) => (one.onchange = () => show(history)));
  document.querySelectorAll("[data-toggle]").forEach((one) => (one.onclick = () => toggle(one)));
  document.querySelectorAll("[data-save]").forEach((one) => (one.onclick = () => saveImage(one.dataset.save)));
}

function writePresets(span) {
  const made = presets(span).map((one) => {
    const button = element("button", one.label, { type: "button", "data-range": one.name });
    button.onclick = () => goTo(one.name);
    return button;
  });
  document.getElementById("presets").replaceChildren(...made);
}

const goTo = (range) => (location.hash = `${stateFrom(location.hash, { first: 0, last: 0 }).tab.name}/${range}`);

function goToDates() {
  const from = document.getElementById("from").value, to = document.getElementById("to").value;
  if (from && to) goTo(from <= to ? `${from}..${to}` : `${to}..${from}`);
}

function markRange(range) {
  document.querySelectorAll("[data-range]").forEach((one) => one.setAttribute("aria-pressed", `${one.dataset.range === range.name}`));
  document.getElementById("from").value = isoOf(range.first);
  document.getElementById("to").value = isoOf(range.last);
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
