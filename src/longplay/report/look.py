"""How everything drawn looks: the one place that spells a colour.

Cool paper, ink and one accent; any other colour means something. The page's CSS variables, the charts and the record all
take their colours from here, so that light and dark stay two columns of one table.
"""

from dataclasses import dataclass
from typing import Any, Final

DISPLAY: Final = "Bricolage Grotesque"
TEXT: Final = "Figtree"
FALLBACK: Final = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif"


@dataclass(frozen=True)
class Look:
    """The colours of one theme."""

    page: str
    card: str
    line: str
    ink: str
    muted: str
    accent: str
    new_artist: str
    new_track: str
    rest: str
    rest_strong: str  # where it fills the record
    heat: tuple[str, ...]
    genres: tuple[str, ...]


LIGHT: Final = Look(
    page="#F1F3F6",
    card="#FFFFFF",
    line="#DFE3EA",
    ink="#12151F",
    muted="#5A6172",
    accent="#2B3FD6",
    new_artist="#E2483D",
    new_track="#F2A81D",
    rest="#CDD5E6",
    rest_strong="#96A2E1",
    heat=("#EEF1F8", "#C3CDF7", "#7C8DF0", "#3B46D1", "#1A1768"),
    genres=("#2B3FD6", "#E2483D", "#0E8F82", "#59AAF8", "#143873", "#720119", "#EF8600", "#621B42"),
)
DARK: Final = Look(
    page="#0C0E15",
    card="#151824",
    line="#272C3D",
    ink="#F0F2F8",
    muted="#9AA3B8",
    accent="#8C9BFF",
    new_artist="#FF7B6E",
    new_track="#FFC857",
    rest="#2E3650",
    rest_strong="#4E588C",
    heat=("#1A1F30", "#2C3687", "#5A58D6", "#C76BC0", "#FFB98A"),
    genres=("#8C9BFF", "#FF7B6E", "#FFC857", "#7AF4FB", "#B55386", "#9AF5C5", "#C94C18", "#6963EC"),
)
THEMES: Final = {"light": LIGHT, "dark": DARK}
_PLAIN: Final = ("page", "card", "line", "ink", "muted", "accent", "new_artist", "new_track", "rest", "rest_strong")


def css_variables(look: Look) -> str:
    """Spell a theme as CSS custom properties.

    >>> css_variables(LIGHT).split("; ")[:2]
    ['--page: #F1F3F6', '--card: #FFFFFF']
    """
    named = [(name.replace("_", "-"), getattr(look, name)) for name in _PLAIN]
    steps = [(f"{kind}-{step}", colour) for kind in ("heat", "genres") for step, colour in enumerate(getattr(look, kind))]
    return "; ".join(f"--{name}: {colour}" for name, colour in named + steps)


def in_variables() -> Look:
    """Give the theme whose colours are names: for a drawing inside of the page, which follows the page's theme.

    >>> in_variables().new_artist, in_variables().genres[0]
    ('var(--new-artist)', 'var(--genres-0)')
    """
    plain = {name: f"var(--{name.replace('_', '-')})" for name in _PLAIN}
    heat, genres = ([f"var(--{kind}-{step})" for step in range(len(getattr(LIGHT, kind)))] for kind in ("heat", "genres"))
    return Look(**plain, heat=tuple(heat), genres=tuple(genres))


def themes_css() -> str:
    """Spell both themes: the system decides until somebody chooses."""
    light, dark = css_variables(LIGHT), css_variables(DARK)
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }} }}\n"
        f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}\n"
    )


def chart_config(look: Look) -> dict[str, Any]:
    """Give what all charts have in common: one typeface, one grid colour, no frame."""
    font = f"{TEXT}, {FALLBACK}"
    axis = {
        "labelColor": look.muted,
        "labelFont": font,
        "labelFontSize": 12,
        "labelPadding": 8,
        "gridColor": look.line,
        "domain": False,
        "ticks": False,
        "title": None,
    }
    return {
        "background": "transparent",
        "font": font,
        "aria": False,
        "axis": axis,
        "view": {"stroke": None},
        "text": {"font": font, "fontSize": 12, "color": look.muted},
    }
