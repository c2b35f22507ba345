// What every figure has: a title that is a finding, a table, a picture to keep, and the SQL.

const figureOf = (name) => document.getElementById(`figure-${name}`);

async function drawFigure(name, { title, subtitle, data, table, legend, height, isEmpty = false }) {
  const figure = figureOf(name);
  figure.querySelector("h2").textContent = title;
  if (subtitle) figure.querySelector(".subtitle").replaceChildren(...written(subtitle));
  figure.querySelector(".chart").setAttribute("aria-label", `${title}.`);
  if (legend) writeLegend(figure.querySelector(".key"), legend);
  figure.classList.toggle("no-chart", isEmpty);
  figure.table = table;
  fillTable(figure);
  if (!isEmpty) await drawChart(name, data, height);
}

// A table is made when somebody looks at it.
function fillTable(figure) {
  const place = figure.querySelector(".table");
  if (place.hidden || !figure.table) return;
  const { columns, rows } = figure.table;
  const made = element("table"), head = element("tr"), body = element("tbody");
  columns.forEach((title) => head.append(element("th", title, { scope: "col" })));
  rows.forEach((row) => body.append(tableRow(row)));
  made.append(element("thead"), body);
  made.firstChild.append(head);
  place.replaceChildren(made);
}

function tableRow({ cells, facts = {}, of = null }) {
  const row = element("tr");
  Object.assign(row.dataset, facts);
  cells.forEach((text, at) => row.append(at === 0 ? element("th", text, { scope: "row" }) : element("td", text)));
  if (of) row.firstChild.replaceChildren(...nameOf(of));
  return row;
}

// A name that leads to its own view, and to Spotify.
function nameOf(one) {
  const look = element("a", one.name, { href: hashOf({ ...stateNow(), look: one }) });
  const address = spotifyAddress(one);
  return address ? [look, " ", element("a", "↗", { href: address, rel: "noreferrer", "aria-label": `${one.name} at Spotify`, class: "away" })] : [look];
}

// An address that is known, else a search; a page to publish sends nobody searching.
function spotifyAddress({ kind, name, artist, link }) {
  if (link) return `https://open.spotify.com/${kind}/${encodeURIComponent(link)}`;
  if (root.dataset.published !== undefined) return "";
  return `https://open.spotify.com/search/${encodeURIComponent([name, kind === "artist" ? "" : artist].filter(Boolean).join(" "))}`;
}

function toggle(button) {
  const place = document.getElementById(button.getAttribute("aria-controls"));
  place.hidden = !place.hidden;
  button.setAttribute("aria-expanded", `${!place.hidden}`);
  fillTable(button.closest("figure"));
}

// Breaks a sentence into lines no wider than a picture.
function lines(text, font, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  return text.split(" ").reduce((made, word) => {
    const longer = made.length ? `${made.at(-1)} ${word}` : word;
    if (made.length && pen.measureText(longer).width <= width) made[made.length - 1] = longer;
    else made.push(word);
    return made;
  }, []);
}

// The chart with its title, subtitle and where it comes from, as one SVG that carries its fonts.
async function pictureOf(name) {
  const figure = figureOf(name), style = getComputedStyle(document.documentElement), colour = (of) => style.getPropertyValue(`--${of}`);
  const chart = new DOMParser().parseFromString(await views.get(name).view.toSVG(), "image/svg+xml").documentElement;
  const edge = 28, width = Number(chart.getAttribute("width")) + 2 * edge;
  const svg = svgElement("svg", { xmlns: SVG, width });
  svg.append(svgElement("style", {}, document.getElementById("fonts").textContent), svgElement("rect", { width: "100%", height: "100%", fill: colour("card") }));
  let y = edge - 6;
  const write = (text, size, family, weight, fill) => lines(text, `${weight} ${size}px ${family}`, width - 2 * edge).forEach((line) => {
    y += size * 1.3;
    svg.append(svgElement("text", { x: edge, y, fill, "font-family": family, "font-size": size, "font-weight": weight }, line));
  });
  write(figure.querySelector("h2").textContent, 21, "Bricolage Grotesque", 700, colour("ink"));
  y += 3;
  write(figure.querySelector(".subtitle").textContent, 13, "Figtree", 400, colour("muted"));
  chart.setAttribute("x", edge);
  chart.setAttribute("y", y + 18);
  svg.append(chart);
  y += 28 + Number(chart.getAttribute("height"));
  write(`Longplay, ${document.getElementById("range-words").textContent}`, 12, "Figtree", 400, colour("muted"));
  svg.setAttribute("height", y + edge);
  return { text: new XMLSerializer().serializeToString(svg), width, height: y + edge };
}

async function saveImage(name) {
  const { text, width, height } = await pictureOf(name);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    const link = element("a", "", { href: URL.createObjectURL(blob), download: `longplay-${name}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}
