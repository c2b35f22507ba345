// The record: one spoke a day or week, its length the plays, its segments genres or how new it was. Some paths and a label.

const SVG = "http://www.w3.org/2000/svg";
const LABEL = 46, GROOVES = 84, RIM = 198;

function svgElement(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

const round = (number) => number.toFixed(1);
const polar = (angle, radius) => `${round(Math.sin(angle) * radius)} ${round(-Math.cos(angle) * radius)}`;

// A segment of a spoke: a slice of a wedge between two radii.
function wedge(middle, half, from, to) {
  const large = 2 * half > Math.PI ? 1 : 0; // a single day goes most of the way round
  return `M${polar(middle - half, from)}L${polar(middle - half, to)}A${round(to)} ${round(to)} 0 ${large} 1 ${polar(middle + half, to)}L${polar(middle + half, from)}A${round(from)} ${round(from)} 0 ${large} 0 ${polar(middle - half, from)}Z`;
}

// `parts` of a spoke are its plays by segment, the innermost first; a path for each segment.
function recordPaths(all) {
  const reach = Math.max(...all.map((spoke) => spoke.aDay)) || 1, turn = (2 * Math.PI) / all.length;
  const half = turn * (all.length > 130 ? 0.39 : 0.36);
  const paths = all[0].parts.map(() => "");
  all.forEach((spoke, at) => {
    let from = GROOVES;
    const share = ((RIM - GROOVES) * spoke.aDay) / reach / (spoke.plays || 1);
    spoke.parts.forEach((plays, segment) => {
      if (!plays) return;
      const to = from + plays * share;
      paths[segment] += wedge((at + 0.5) * turn, half, from, to);
      from = to;
    });
  });
  return paths;
}

// Genres where they are known, else how new it was: what the segments are, the innermost first.
function segmentsOf(history, range, all) {
  const genres = genreSegments(history, range, all);
  if (genres) {
    const labels = genres[0].map ? Array.from(genres[0], (_, place) => ({ colour: genreColour(place), label: familyName(history.families, place) })) : [];
    return { labels, parts: genres.map((one) => Array.from(one)) };
  }
  const labels = [{ colour: "var(--rest-strong)", label: "heard before" }, { colour: "var(--new-track)", label: "new track" }, { colour: "var(--new-artist)", label: "new artist" }];
  return { labels, parts: all.map((one) => [one.plays - one.newTracks - one.newArtists, one.newTracks, one.newArtists]) };
}

// Years around the label where a range is long, months where it is a year or two, dates where it is short.
function recordTicks(range) {
  const days = range.last - range.first + 1, ticks = [];
  for (let day = range.first; day <= range.last; day++) {
    const date = dateOf(day);
    if (date.getUTCDate() !== 1) continue;
    const isJanuary = date.getUTCMonth() === 0;
    if (days > 760 && isJanuary) ticks.push({ day, text: `${date.getUTCFullYear()}` });
    else if (days <= 760 && (days <= 400 || date.getUTCMonth() % 3 === 0)) ticks.push({ day, text: days <= 400 ? monthName.format(date)[0] : monthName.format(date) });
  }
  return ticks.map((tick) => ({ ...tick, angle: ((tick.day - range.first + (days <= 400 ? 15 : days <= 760 ? 45 : 0)) / days) * 2 * Math.PI }));
}

// What a record is drawn of, around 0, 0: as the card has it too, so its colours are attributes and not the page's style.
function recordParts({ spokes: all, labels }, range) {
  const circle = (r, attributes) => svgElement("circle", { r, ...attributes });
  const grooves = [RIM, (RIM + GROOVES) / 2, GROOVES].map((r) => circle(r, { fill: "none", stroke: "var(--line)" }));
  const segments = recordPaths(all).map((d, at) => d && svgElement("path", { fill: labels[at].colour, d })).filter(Boolean);
  const label = [circle(LABEL, { fill: "var(--ink)" }), ...[9, 18].map((less) => circle(LABEL - less, { fill: "none", stroke: "var(--page)", "stroke-opacity": ".16" })), circle(5, { fill: "var(--page)" })];
  const around = recordTicks(range).map(({ text, angle }) => {
    const [x, y] = polar(angle, (LABEL + GROOVES) / 2).split(" ");
    return svgElement("text", { x, y, dy: ".36em", "text-anchor": "middle", "font-family": "Figtree", "font-weight": "600", "font-size": "13", fill: "var(--muted)" }, text);
  });
  return [...grooves, ...segments, ...label, ...around];
}

// The record of a range: its spokes, each with its plays by segment, and the colours and names of the segments.
function recordOf(history, range) {
  const made = spokes(history.days, range), shown = { first: made.spokes[0].first, last: made.spokes.at(-1).last };
  const { labels, parts } = segmentsOf(history, shown, made.spokes);
  return { ...made, labels, shown, spokes: made.spokes.map((spoke, at) => ({ ...spoke, parts: parts[at] })) };
}

function drawRecord(place, drawn, words) {
  const { width, spokes: all } = drawn;
  const svg = svgElement("svg", { viewBox: "-200 -200 400 400", role: "img", "aria-label": words });
  svg.append(...recordParts(drawn, drawn.shown));
  place.replaceChildren(svg);
  tellSpokes(place, svg, all, width);
}

// Pointing at a spoke says what it is, in the line below the record.
function tellSpokes(place, svg, all, width) {
  const told = document.getElementById("record-told");
  svg.onpointerleave = () => told.replaceChildren();
  svg.onpointermove = (event) => {
    const box = svg.getBoundingClientRect();
    const turn = Math.atan2(event.clientX - box.left - box.width / 2, box.height / 2 - (event.clientY - box.top)) / (2 * Math.PI);
    const spoke = all[Math.floor((turn < 0 ? turn + 1 : turn) * all.length)];
    if (spoke) told.textContent = `${width === 1 ? "" : "From "}${shortDate.format(dateOf(spoke.first))}: ${count(spoke.plays, "play")}`;
  };
}
