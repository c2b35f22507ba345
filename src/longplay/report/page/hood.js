// The sixth tab: where all of it comes from, and how far it can be trusted.

function hoodHeadline(history) {
  const [fresh] = history.reports.rows("freshness");
  if (!fresh) return ["Under the hood.", "This page was made to be published: it tells nothing of where it comes from."];
  return [`${number.format(fresh.plays)} plays, each accounted for.`, `The newest is of ${fresh.newest_local}, by your clock.`];
}

async function drawHood(history) {
  writeImports(history.reports.rows("imports"));
  writeFreshness(history.reports);
  writeLineage(history.reports);
  writeResults(history.reports.built);
  await Promise.all([drawCoverage(history), drawEnriched(history)]);
}

const COVERAGE = {
  both: ["an archive and Spotify", "var(--accent)"], archive: ["an archive", "var(--rest-strong)"], api: ["Spotify, asked every half hour", "var(--heat-1)"],
  account: ["account data", "var(--new-track)"], partial: ["an archive with missing files", "var(--muted)"], gap: ["nobody", "var(--new-artist)"],
};

function drawCoverage(history) {
  const days = history.reports.rows("coverage").flatMap(({ first, days: many, coverage }) => Array.from({ length: many }, (_, at) => ({ day: first + at, coverage })));
  const many = (kind) => days.filter((one) => one.coverage === kind).length;
  const rows = shownOf(days).map((one) => ({ ...calendarPlace(one.day), coverage: one.coverage, said: COVERAGE[one.coverage][0] }));
  const seen = Object.keys(COVERAGE).filter(many);
  return drawFigure("coverage", {
    title: findingOf("coverage", { days: days.length, gap: many("gap"), partial: many("partial") }),
    subtitle: "Who tells of each day, a column a week",
    legend: seen.map((kind) => ({ label: COVERAGE[kind][0], colour: COVERAGE[kind][1] })),
    isEmpty: !days.length,
    height: calendarHeight(rows),
    data: { rows },
    table: { columns: ["Told by", "Days"], rows: seen.map((kind) => ({ cells: [COVERAGE[kind][0], number.format(many(kind))], facts: { coverage: kind, days: many(kind) } })) },
  });
}

function drawEnriched(history) {
  const months = history.reports.rows("enriched"), all = add(months, "counted_ms") || 1;
  const rows = months.flatMap((one) => [["genres", one.with_genres ?? 0], ["sound", one.counted_ms ? one.known_ms / one.counted_ms : 0]].map(([kind, value]) => ({ date: one.month * DAY_MS, kind, value, when: sayMonth(one.month), said: percent(value), note: kind === "genres" ? "genres known" : "sound known" })));
  const genres = months.reduce((sum, one) => sum + (one.with_genres ?? 0) * one.counted_ms, 0) / all, sound = add(months, "known_ms") / all;
  const last = months.at(-1)?.month * DAY_MS;
  const [a, b] = rows.filter((one) => one.date === last);
  const ends = [a, b].filter(Boolean).map((one) => ({ ...one, label: one.kind === "genres" ? "genres" : "how it sounds", isAbove: one === a ? a.value >= b.value : b.value > a.value }));
  return drawFigure("enriched", {
    title: findingOf("enriched", { genres, sound }),
    subtitle: "Share of the listening of which others told the genre and the sound, by month",
    isEmpty: rows.length < 4 || (!genres && !sound),
    data: { rows, ends },
    table: { columns: ["Month", "Genres", "Sound"], rows: months.map((one) => ({ cells: [sayMonth(one.month), percent(one.with_genres ?? 0), percent(one.counted_ms ? one.known_ms / one.counted_ms : 0)] })) },
  });
}

// A table in a card; hidden where there is nothing to say.
function writeTable(name, columns, rows) {
  const card = document.getElementById(`card-${name}`), table = element("table"), head = element("thead"), body = element("tbody"), line = element("tr");
  card.hidden = !rows.length;
  columns.forEach((title) => line.append(element("th", title, { scope: "col" })));
  head.append(line);
  rows.forEach((row) => body.append(tableRow(row)));
  table.append(head, body);
  document.getElementById(name).replaceChildren(table);
}

const LAYOUTS = (layout) => layout.replaceAll("-", " ");

// The sum of every import: what was read is what it tells once, what it repeats, and what could not be read.
function writeImports(imports) {
  const sum = (one) => ({ cells: [`${one.archive.slice(0, 8)}, ${LAYOUTS(one.layout)}`, one.first_at ? `${one.first_at.slice(0, 10)} to ${one.last_at.slice(0, 10)}` : "–", ...[one.read, one.distinct_rows, one.repeated, one.rejected].map(number.format), one.read === one.distinct_rows + one.repeated + one.rejected ? "adds up" : "does not add up", one.is_complete ? "complete" : "some are missing"], facts: { archive: one.archive, read: one.read, distinct: one.distinct_rows, repeated: one.repeated, rejected: one.rejected } });
  const rows = imports.map(sum);
  if (imports.length > 1) rows.push({ cells: ["All archives", "", ...["read", "distinct_rows", "repeated", "rejected"].map((field) => number.format(add(imports, field))), "", ""], facts: { archive: "all" } });
  const isRight = imports.every((one) => one.read === one.distinct_rows + one.repeated + one.rejected);
  document.querySelector("#card-imports h2").textContent = isRight ? `Every row of ${count(imports.length, "import")} is accounted for` : "An import does not add up";
  writeTable("imports", ["Archive", "Tells of", "Rows read", "Told once", "Repeated", "Not readable", "Sum", "Files"], rows);
}

function writeFreshness(reports) {
  const [fresh] = reports.rows("freshness"), polled = reports.rows("polled"), recall = reports.rows("recall");
  const rows = fresh?.newest_play ? [{ cells: ["Newest play", `${fresh.newest_play} UTC`, ""] }] : [];
  rows.push(...polled.map((one) => ({ cells: [capital(one.dataset.replaceAll("_", " ")), `${one.newest_at} UTC`, `${count(one.pages, "page")}, ${count(one.items, "item")}`] })));
  rows.push(...recall.filter((one) => one.recall !== null).map((one) => ({ cells: [`Polls of ${sayMonth(one.month)}`, `saw ${percent(one.recall)}`, `${number.format(one.listed_plays)} of ${number.format(one.listable_plays)} plays that an archive tells of`] })));
  document.querySelector("#card-freshness h2").textContent = fresh?.newest_play ? `Plays are known up to ${fresh.newest_local.slice(0, 10)}` : "Nothing tells how fresh it is";
  writeTable("freshness", ["What", "Newest", "How much"], rows);
}

// The SQL of each figure: below it, and all of them in one place, where a figure is called by what it plots.
function writeQueries(sql) {
  document.querySelectorAll("pre[id^=sql-]").forEach((pre) => {
    const name = pre.id.slice("sql-".length), details = element("details");
    pre.textContent = sql[name];
    details.append(element("summary", capital(name.replaceAll("-", " "))), element("pre", sql[name], { class: "sql", tabindex: "0" }));
    document.getElementById("every-sql").append(details);
  });
}

const LAYERS = ["lake", "staging", "intermediate", "marts"];
const LAYER_WORDS = { lake: "Landing tables", staging: "Staging", intermediate: "Intermediate", marts: "Marts and reports" };

// The way of the rows, layer by layer: each table with its rows and what it is made of.
function writeLineage(reports) {
  const tables = reports.rows("tables"), made = new Map((reports.built?.models ?? []).map((one) => [one.name, one]));
  document.getElementById("card-lineage").hidden = !tables.length;
  const most = Math.max(1, ...tables.map((one) => one.rows ?? 0));
  document.getElementById("lineage").replaceChildren(...LAYERS.map((layer) => {
    const column = element("div"), list = element("ul");
    column.append(element("h3", LAYER_WORDS[layer]), list);
    tables.filter((one) => one.layer === layer).forEach((one) => {
      const item = element("li", "", { "data-table": one.name, "data-rows": one.rows ?? "" });
      const of = made.get(one.name)?.of ?? [];
      item.style.setProperty("--rows", `${(100 * Math.log1p(one.rows ?? 0)) / Math.log1p(most)}%`);
      item.append(element("span", one.name), element("b", one.rows === null ? "a view" : number.format(one.rows)));
      if (of.length) item.append(element("small", `from ${of.join(", ")}`));
      list.append(item);
    });
    return column;
  }));
}

function writeResults(built) {
  const models = built?.models ?? [], tests = built?.tests ?? { passed: 0, failed: [] };
  const all = models.reduce((sum, one) => sum + one.seconds, 0);
  const slowest = [...models].sort((a, b) => b.seconds - a.seconds).slice(0, 12);
  const failed = models.filter((one) => one.status !== "success").length + tests.failed.length;
  const tested = tests.passed + tests.failed.length ? `; ${count(tests.passed, "test")} passed, ${number.format(tests.failed.length)} failed` : "; no tests were run";
  document.querySelector("#card-results h2").textContent = failed ? `${count(failed, "step")} of the last build failed` : `The last build made ${count(models.length, "model")} in ${all.toFixed(1)} seconds${tested}`;
  const rows = [...tests.failed.map((name) => ({ cells: [name, "failed", ""] })), ...slowest.map((one) => ({ cells: [one.name, one.status, `${one.seconds.toFixed(2)} s`] }))];
  writeTable("results", ["Slowest steps", "Result", "Time"], rows);
}
