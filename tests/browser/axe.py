"""What axe-core, which comes with its Python package, finds wrong with a page as it stands."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_RUN = """async (rules) => {
    const only = rules ? {runOnly: {type: "rule", values: rules}} : {};
    const sizes = rules ? {} : {rules: {"target-size": {enabled: true}}};
    const {violations} = await axe.run(document, {resultTypes: ["violations"], ...only, ...sizes});
    return violations;
}"""


def findings(page: Page) -> list[str]:
    """Return the serious findings in the light the page is in, and the contrasts of the other one."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found = _serious(page, None)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if dark else "dark")
    page.wait_for_function("dark => document.body.classList.contains('dark') !== dark", arg=dark)
    found += _serious(page, ["color-contrast", "link-in-text-block"])
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=dark)
    return found


def _serious(page: Page, rules: list[str] | None) -> list[str]:
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['html'][:160]}"
        for one in page.evaluate(_RUN, rules)
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]
