// Before anything is painted: the theme somebody chose last time. A browser may keep nothing for files; then the system decides.

const THEME_KEY = "longplay-theme";

function keepTheme(theme) {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // nothing is kept, and the page works all the same
  }
}

try {
  const kept = localStorage.getItem(THEME_KEY);
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // as above
}
