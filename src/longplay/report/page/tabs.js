// The rooms of the page, and the address that says in which one is, which days it speaks of, and who is looked up:
// #tab/range/compared-with?artist=Name. A tab is one entry here, one file of its own, and one section in the page with its name.

const TABS = [
  { name: "overview", label: "Overview", draw: drawOverview, headline: headlineOf },
  { name: "discovery", label: "Discovery", draw: drawDiscovery, headline: discoveryHeadline },
  { name: "taste", label: "Taste", draw: drawTaste, headline: tasteHeadline },
  { name: "mood", label: "Mood and habits", draw: drawHabits, headline: habitsHeadline },
  { name: "years", label: "Years", draw: drawYears, headline: yearsHeadline },
  { name: "hood", label: "Under the hood", draw: drawHood, headline: hoodHeadline, isAlways: true },
];
const KINDS = ["artist", "track", "album"];

let state;
const stateNow = () => state;

function writeTabs(now) {
  const nav = document.getElementById("tabs");
  nav.hidden = false;
  nav.replaceChildren(...TABS.map((tab) => {
    const link = element("a", tab.label, { href: hashOf({ ...now, tab, look: null }) });
    if (tab === now.tab) link.setAttribute("aria-current", now.look ? "true" : "page");
    return link;
  }));
  const here = nav.querySelector("[aria-current]");
  nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2; // on a phone it may be out of sight
}

function stateFrom(hash, span) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const [name, range, versus = ""] = path.split("/");
  const of = rangeNamed(range, span);
  return { tab: TABS.find((tab) => tab.name === name) ?? TABS[0], range: of, compared: versus, versus: versusNamed(versus, of, span), look: lookFrom(query) };
}

function lookFrom(query) {
  const asked = new URLSearchParams(query), kind = KINDS.find((one) => asked.has(one));
  return kind ? { kind, name: asked.get(kind), artist: asked.get("by") ?? "" } : null;
}

function hashOf({ tab, range, compared, look }) {
  const query = look ? `?${new URLSearchParams({ [look.kind]: look.name, ...(look.artist ? { by: look.artist } : {}) })}` : "";
  return `#${tab.name}/${range.name}${compared ? `/${compared}` : ""}${query}`;
}

const go = (changes) => (location.hash = hashOf({ ...state, ...changes }));
const goLook = (one) => go({ look: one });
