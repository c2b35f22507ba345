// The third tab: which genres it is, and of how many artists.

function tasteHeadline(history, { range }) {
  const byArtist = new Int32Array(history.plays.names.artist.length);
  for (const one of standing(history, sumsOf(history, range), "artist", "plays")) byArtist[one.id] = one.plays;
  const { needed, artists } = halfOf(byArtist);
  if (artists < 2) return [`${count(artists, "artist")}.`, "Taste needs company."];
  const line = history.families.isKnown ? "The artists you played most carry one half of your plays, all others the second." : "Genres are not known yet: `longplay enrich` asks for them.";
  return [`${count(needed, "artist")} of ${number.format(artists)} ${needed === 1 ? "is" : "are"} half of it.`, line];
}

async function drawTaste(history, { range }) {
  figureOf("genres").hidden = figureOf("ranks").hidden = !history.families.isKnown;
  document.getElementById("no-genres").hidden = history.families.isKnown;
  await Promise.all([...(history.families.isKnown ? [drawGenres(history, range), drawRanks(history)] : []), drawHalf(history, range), drawVariety(history, range)]);
}

// The genres of each month in their places: the seven with a colour, all others together, nothing of what is unknown.
function genreMonths(history, range) {
  return [...grouped(inMonths(history.reports.rows("genres"), range), "month")].map(([month, rows]) => {
    const ms = new Float64Array(FAMILIES + 1);
    for (const row of rows) if (row.family !== "unknown") ms[history.families.place(row.family)] += row.ms;
    return { month, is_unfinished: rows[0].is_unfinished, ms, known: ms.reduce((a, b) => a + b, 0), all: add(rows, "ms") };
  });
}

// What moved: the share of a genre in the second half of the months against the first.
function genreMoves(history, months) {
  const half = Math.floor(months.length / 2), share = (some, place) => some.reduce((sum, one) => sum + one.ms[place], 0) / (add(some, "known") || 1);
  const moves = history.families.names.map((family, place) => ({ family, before: share(months.slice(0, half), place), after: share(months.slice(half), place) }));
  const sorted = moves.map((one) => ({ ...one, moved: one.after - one.before })).sort((a, b) => b.moved - a.moved);
  const [rise, fall] = [sorted[0], sorted.at(-1)];
  return half && rise ? { rise: rise.moved >= RULES.close ? rise : null, fall: fall.moved <= -RULES.close ? fall : null } : {};
}

function drawGenres(history, range) {
  const months = genreMonths(history, range), { families } = history;
  const coverage = add(months, "known") / (add(months, "all") || 1);
  const totals = families.names.map((family, place) => ({ family, ms: months.reduce((sum, one) => sum + one.ms[place], 0) })).sort((a, b) => b.ms - a.ms);
  const moves = genreMoves(history, months), told = [moves.rise, moves.fall].filter(Boolean).map((one) => `${one.family} ${percent(one.before)} to ${percent(one.after)}`);
  return drawFigure("genres", {
    title: findingOf("genres", { coverage, most: totals[0]?.family ?? "nothing", share: (totals[0]?.ms ?? 0) / (add(months, "known") || 1), ...moves }),
    subtitle: `Listening by genre and month, thicker where more; known for ${percent(coverage)} of it.${told.length ? ` Second half against first: ${told.join(", ")}.` : ""}`,
    isEmpty: months.length < 2 || coverage < RULES.known,
    data: streamOf(families, months),
    table: {
      columns: ["Month", ...families.names, "other genres", "known"],
      rows: months.map((one) => ({ cells: [sayMonth(one.month), ...Array.from(one.ms, (ms) => (one.known ? percent(ms / one.known) : "–")), percent(one.known / (one.all || 1))], facts: { day: isoOf(one.month), known: one.known } })),
    },
  });
}

// Layers around a middle line; a genre is named where it is thickest, if there is room.
function streamOf(families, months) {
  const smooth = (place) => months.map((_, at) => [-1, 0, 1].reduce((sum, by) => sum + (months[at + by] ?? months[at]).ms[place] * (by ? 1 : 2), 0) / 4);
  const layers = Array.from({ length: FAMILIES + 1 }, (_, place) => smooth(place));
  const heights = months.map((_, at) => layers.reduce((sum, layer) => sum + layer[at], 0)), most = Math.max(...heights);
  const rows = [], labels = [];
  const low = heights.map((height) => -height / 2);
  layers.forEach((layer, place) => {
    const family = familyName(families, place), thick = thickest(layer);
    layer.forEach((ms, at) => rows.push({ date: months[at].month * DAY_MS, family, place, low: low[at], high: low[at] + ms, said: `${sayMonth(months[at].month)}: ${sayLong(months[at].ms[place])}` }));
    if (layer[thick] > 0.07 * most) labels.push({ date: months[thick].month * DAY_MS, middle: low[thick] + layer[thick] / 2, family, place, ...labelLook(place, thick / (months.length - 1), (4 * family.length) / (figureOf("genres").clientWidth || 600)) });
    layer.forEach((ms, at) => (low[at] += ms));
  });
  return { rows, labels };
}

// Where a layer is thickest, away from both ends: there its name has room.
function thickest(layer) {
  const edge = Math.ceil(0.06 * layer.length), inner = layer.slice(edge, layer.length - edge);
  return inner.length ? edge + inner.indexOf(Math.max(...inner)) : 0;
}

// Dark letters on light colours; at the edges a name stays inside, `half` of it being so much of the width.
function labelLook(place, across, half) {
  const colour = getComputedStyle(root).getPropertyValue(`--genres-${place}`).trim();
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return { isDark: 0.299 * red + 0.587 * green + 0.114 * blue > 145, align: across < half ? "left" : across > 1 - half ? "right" : "center" };
}

function drawRanks(history) {
  const known = history.reports.rows("ranks").filter((one) => one.coverage >= RULES.known && history.families.names.includes(one.family));
  const years = [...grouped(known, "year").keys()];
  const rows = years.flatMap((year) => known.filter((one) => one.year === year).sort((a, b) => a.rank - b.rank || (a.family < b.family ? -1 : 1)).map((one, at) => ({
    ...one, rank: at + 1, place: history.families.place(one.family), when: `${year}${one.is_unfinished ? ", not over yet" : ""}`, said: `${at + 1}: ${percent(one.share)}`,
  })));
  const leaders = years.map((year) => rows.find((one) => one.year === year && one.rank === 1).family);
  return drawFigure("ranks", {
    title: findingOf("ranks", { years: years.length, last: leaders.at(-1), before: leaders.at(-2), leaders: [...new Set(leaders)] }),
    subtitle: "Your largest genres, by their place in each year of your whole history",
    isEmpty: !years.length,
    data: { rows, ends: rows.filter((one) => one.year === years.at(-1)) },
    table: { columns: ["Year", "Genre", "Place", "Share"], rows: rows.map((one) => ({ cells: [`${one.year}`, one.family, `${one.rank}`, percent(one.share)], facts: { year: one.year, family: one.family, rank: one.rank } })) },
  });
}

function drawHalf(history, range) {
  const steps = binsOf(range, history.span);
  const rows = averaged(artistsByBin(history, range, steps, (byArtist, bin) => {
    const half = halfOf(byArtist);
    return { ...placed(bin), ...half, isSliver: isSliver(bin), value: half.plays ? half.needed : null, said: `${number.format(half.needed)} of ${number.format(half.artists)}` };
  })).filter((one) => one.plays);
  const whole = halfOf(artistsByBin(history, range, { bins: [{}], at: () => 0 }, (byArtist) => byArtist)[0]);
  return drawFigure("half", {
    title: findingOf("half", whole),
    subtitle: `Artists needed for half of the plays of each ${steps.each} (light) and their average of twelve (bold)`,
    isEmpty: rows.filter((one) => one.average !== null).length < 2,
    data: { rows: rows.filter((one) => !one.isSliver).map((one) => ({ ...one, usual: one.average === null ? "" : one.average.toFixed(1) })) },
    table: { columns: [capital(steps.each), "Artists for half", "Of"], rows: rows.map((one) => ({ cells: [one.when, number.format(one.needed), number.format(one.artists)], facts: { day: isoOf(one.date / DAY_MS), artists: one.needed } })) },
  });
}

const mean = (rows, field) => (rows.length ? add(rows, field) / rows.length : null);

function drawVariety(history, range) {
  const whole = history.reports.rows("variety");
  const rows = averaged(inMonths(whole, range).map((one) => ({ ...one, ...placed(monthBin(one, history.span)), value: one.effective_artists, said: `${number.format(Math.round(one.effective_artists))} artists`, note: `${number.format(one.artists)} in all` })));
  const over = inMonths(whole, range).filter((one) => !one.is_unfinished && one.artists_in_30_plays !== null), half = over.length >> 1;
  const facts = { months: over.length - half, monthsBefore: half, lately: mean(over.slice(half), "artists_in_30_plays"), before: mean(over.slice(0, half), "artists_in_30_plays"), effective: mean(over, "effective_artists") };
  return drawFigure("variety", {
    title: findingOf("variety", facts),
    subtitle: "Effective number of artists by month: so many, played equally, would be as varied (light), and its average of twelve (bold)",
    isEmpty: rows.filter((one) => one.average !== null).length < 2,
    data: { rows: rows.map((one) => ({ ...one, usual: one.average === null ? "" : number.format(Math.round(one.average)) })) },
    table: {
      columns: ["Month", "Artists", "As varied as", "In 30 plays", "Drift from the month before"],
      rows: rows.map((one) => ({ cells: [one.when, number.format(one.artists), one.effective_artists.toFixed(1), one.artists_in_30_plays?.toFixed(1) ?? "–", one.drift?.toFixed(2) ?? "–"], facts: { day: isoOf(one.month), effective: one.effective_artists } })),
    },
  });
}
