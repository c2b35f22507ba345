// Mermaid as the site wants it, before the theme begins to draw.
{
  const LEAST = 880  // pixels: a drawing is never so small that its words cannot be read; where there is no room, one scrolls
  const { initialize, render } = mermaid
  // What the theme gives no colours: timelines and charts. They are style, since Mermaid computes with its own and knows no variables.
  const COLOURS = `
    .titleText, .sectionTitle, .taskTextOutsideRight, .taskTextOutsideLeft, .grid .tick text { fill: var(--ink) !important }
    .taskText { fill: var(--page) !important }
    .grid .tick { stroke: var(--line); opacity: 1 } .grid path { stroke: none }
    .section { fill: var(--card) !important; opacity: 1 !important }
    .task { fill: var(--accent) !important; stroke: none !important }
    .task[class*=crit] { fill: var(--new-artist) !important } .task[class*=done] { fill: var(--muted) !important }
    .today { display: none }
    .background { fill: none !important }
    .chart-title text, [class*=axis] text { fill: var(--ink) !important }
    [class*=axis] path { stroke: var(--line) !important }
    [class*=bar-plot] rect { fill: var(--accent) !important; stroke: none !important }
    [class*=line-plot] path { stroke: var(--accent) !important }`
  mermaid.initialize = asked => initialize({ ...asked, themeCSS: `${asked.themeCSS ?? ""}${COLOURS}` })
  mermaid.render = async (...asked) => {
    const drawn = await render(...asked)
    const svg = drawn.svg.replace(/max-width: ([\d.]+)px/, (told, wide) => `${told}; min-width: ${Math.min(wide, LEAST)}px`)
    return { ...drawn, svg: `<div role="group" aria-label="Diagram" tabindex="0" style="overflow-x: auto">${svg}</div>` }
  }
}
