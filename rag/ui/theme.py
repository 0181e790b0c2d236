"""The page's look as a Gradio theme: paper, ink and one accent, with fonts that Gradio serves itself."""

from __future__ import annotations

import re
from typing import Final

import gradio as gr
from gradio.themes import Base, LocalFont
from gradio.themes.utils import colors, sizes

_SANS: Final = LocalFont("Source Sans Pro", weights=(400, 700))
_COLOURS: Final = {  # name: (light, dark); every text on its ground has a contrast of at least 4.5
    "body_background_fill": ("#faf9f6", "#15171a"),
    "background_fill_primary": ("#ffffff", "#1c1f23"),
    "background_fill_secondary": ("#f3f1ec", "#22262b"),
    "block_background_fill": ("transparent", "transparent"),
    "body_text_color": ("#1d1f21", "#e6e4df"),
    "body_text_color_subdued": ("#5c6066", "#a3a7ad"),
    "border_color_primary": ("#dedad1", "#343940"),
    "border_color_accent": ("#1f5f8b", "#7cb8e0"),
    "color_accent_soft": ("#e6eff5", "#1f3443"),
    "link_text_color": ("#1a5580", "#8cc4ea"),
    "link_text_color_hover": ("#123d5c", "#b3d9f2"),
    "link_text_color_visited": ("#1a5580", "#8cc4ea"),
    "link_text_color_active": ("#123d5c", "#b3d9f2"),
    "input_background_fill": ("#ffffff", "#1c1f23"),
    "input_border_color": ("#c9c4b8", "#454b53"),
    "input_border_color_focus": ("#1f5f8b", "#7cb8e0"),
    "input_placeholder_color": ("#6b6f75", "#969ba2"),
    "button_primary_background_fill": ("#1f5f8b", "#7cb8e0"),
    "button_primary_background_fill_hover": ("#174a6d", "#a2cdea"),
    "button_primary_text_color": ("#ffffff", "#10161b"),
    "button_secondary_background_fill": ("transparent", "transparent"),
    "button_secondary_background_fill_hover": ("#efece5", "#2a2f35"),
    "button_secondary_text_color": ("#33373b", "#d2d4d6"),
}


def sans_files() -> list[str]:
    """Return where Gradio serves the files of the sans-serif font, relative to the page."""
    return re.findall(r"url\('([^']+)'\)", _SANS.stylesheet()["css"])


def newspaper() -> gr.Theme:
    """Return the theme: system-light and system-dark, no shadows, little roundness."""
    theme = Base(
        primary_hue=colors.blue,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_sm,
        font=(_SANS, "system-ui", "sans-serif"),
        font_mono=(LocalFont("IBM Plex Mono", weights=(400,)), "ui-monospace", "monospace"),
    )
    flat = dict.fromkeys(
        ("block_shadow", "input_shadow", "input_shadow_focus", "button_primary_shadow"), "none"
    )
    chosen = {name: light for name, (light, _) in _COLOURS.items()}
    chosen_dark = {f"{name}_dark": dark for name, (_, dark) in _COLOURS.items()}
    return theme.set(block_border_width="0px", **flat, **chosen, **chosen_dark)
