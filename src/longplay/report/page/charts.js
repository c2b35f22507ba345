// Draws the charts that Python specified: opens the library, hands it rows, and gives pictures back.

const views = new Map();
const tip = element("div", "", { class: "tip", hidden: "" });

// The library is a module; it tells by an event that it has run, since an inline script tells nothing.
async function openRuntime() {
  specs = JSON.parse(await opened("chart-specs"));
  const code = await opened("runtime");
  const script = element("script", `${code}\nwindow.dispatchEvent(new Event("runtime-open"));`, { type: "module" });
  const isOpen = new Promise((done) => window.addEventListener("runtime-open", done, { once: true }));
  document.head.append(script);
  document.body.append(tip);
  await Promise.all([isOpen, document.fonts.load("400 12px Figtree"), document.fonts.load("600 12px Figtree")]);
}

const themeNow = () => document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

// A tooltip of text nodes: a track may be called anything.
function showTip(_handler, event, _item, value) {
  tip.hidden = !value;
  if (!value) return;
  const lines = Object.entries(value).filter(([, text]) => text);
  tip.replaceChildren(...lines.map(([title, text], at) => {
    const line = element("div");
    line.append(at ? element("span", `${title} `) : "", element(at ? "span" : "strong", text));
    return line;
  }));
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  tip.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, event.clientY - tip.offsetHeight - 12)}px)`;
}

async function drawChart(name, data, height) {
  const theme = themeNow(), known = views.get(name);
  if (known?.theme === theme) {
    for (const [set, rows] of Object.entries(data)) known.view.data(set, rows);
    if (height) known.view.height(height);
    await known.view.resize().runAsync();
    return;
  }
  known?.view.finalize();
  const spec = { ...chartSpecs()[theme][name], datasets: data, ...(height ? { height } : {}) };
  const drawn = await vegaEmbed(document.getElementById(`chart-${name}`), spec, { ast: true, actions: false, renderer: "svg", tooltip: showTip });
  views.set(name, { theme, view: drawn.view });
  drawn.view.addEventListener("click", (_event, item) => item?.datum?.kind && item.datum.id !== undefined && goLook(item.datum));
}

let specs;
const chartSpecs = () => specs;
