"""axe-core in a page: what it finds against WCAG 2.2, levels A and AA."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

_AXE = Path(__file__).parents[2] / "webclient" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_RUN = """async (tags) => {
  // Colours on their way from light to dark are nobody's: they are set at their end. Waiting for that would
  // hang where no frame is drawn any more.
  const ends = (motion) => Number.isFinite(motion.effect.getComputedTiming().endTime);
  document.getAnimations().filter(ends).forEach((motion) => motion.finish());
  const { violations, passes } = await axe.run({ runOnly: { type: "tag", values: tags } });
  const told = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}`));
  return { told, passed: passes.length };
}"""


async def violations(page: Page) -> list[str]:
    """Rule and place of each; fails when nothing at all could be examined."""
    # Evaluated from outside the page, whose own policy lets no such script in.
    await page.evaluate(_AXE.read_text())
    found: dict[str, Any] = await page.evaluate(_RUN, list(_TAGS))
    assert found["passed"] > 3, f"axe saw nothing on {page.url}"
    return list(found["told"])
