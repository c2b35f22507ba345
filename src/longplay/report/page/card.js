// The card of each year: shown in the page's own colours, kept as a picture of 1080 by 1350 or 1080 by 1080 pixels.

let cards;
const openCards = () => (cards ??= opened("packed-cards").then(JSON.parse));

// The years that have a card, the newest first.
async function yearsWithCards() {
  return Object.keys(await openCards()).map(Number).sort((a, b) => b - a);
}

// A card is drawn by Python, in which names are escaped already: what comes out is text in an SVG. Its record is drawn here, from the
// plays, in the first group.
async function cardOf(year, shape) {
  const card = (await openCards())[year];
  const svg = document.adoptNode(new DOMParser().parseFromString(card[shape], "image/svg+xml").documentElement);
  const drawn = recordOf(listening, rangeNamed(`${year}`, listening.span));
  svg.querySelector("g").append(...recordParts(drawn, drawn.shown));
  return { svg, says: card.says };
}

// Put the card of a year into an element, as wide as there is room.
async function placeCard(place, year, shape = "portrait") {
  const { svg, says } = await cardOf(year, shape);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", says);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.style.cssText = "display: block; width: 100%; height: auto";
  place.replaceChildren(svg);
}

// A picture knows nothing of the page: its colours are written out, and its typefaces go with it.
async function saveCard(year, shape = "portrait") {
  const { svg } = await cardOf(year, shape);
  const style = getComputedStyle(document.documentElement);
  svg.prepend(svgElement("style", {}, document.getElementById("fonts").textContent));
  const text = new XMLSerializer().serializeToString(svg).replace(/"var\((--[\w-]+)\)"/g, (_, name) => `"${style.getPropertyValue(name).trim()}"`);
  await savePicture(text, Number(svg.getAttribute("width")), Number(svg.getAttribute("height")), `longplay-${year}${shape === "portrait" ? "" : `-${shape}`}`);
}

async function savePicture(text, width, height, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const link = element("a", "", { href: URL.createObjectURL(blob), download: `${name}.png` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
