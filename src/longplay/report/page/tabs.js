// The rooms of the page. A tab is one entry here, one file of its own, and one section in the page with its name.

const TABS = [{ name: "overview", label: "Overview", draw: drawOverview }];

function writeTabs(now) {
  const nav = document.getElementById("tabs");
  nav.hidden = TABS.length < 2;
  nav.replaceChildren(...TABS.map((tab) => {
    const link = element("a", tab.label, { href: `#${tab.name}/${now.range.name}` });
    if (tab === now.tab) link.setAttribute("aria-current", "page");
    return link;
  }));
  for (const tab of TABS) document.getElementById(tab.name).hidden = tab !== now.tab;
}

function stateFrom(hash, span) {
  const [name, range] = hash.replace(/^#/, "").split("/");
  return { tab: TABS.find((tab) => tab.name === name) ?? TABS[0], range: rangeNamed(range, span) };
}
