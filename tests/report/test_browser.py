"""The page in a real browser: drawn, usable, accessible, and silent towards the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"

ALL_CHOICES = """() => {
  const names = ["series", "period", "direction"];
  const [series, period, direction] = names.map((name) => document.getElementById(`flow-${name}`));
  const choose = (box, value) => { box.value = value; box.dispatchEvent(new Event("change")); };
  const offered = (box) => [...box.options].map((option) => option.value);
  let drawn = 0;
  for (const one of offered(series)) {
    choose(series, one);
    for (const when of offered(period)) {
      choose(period, when);
      for (const way of offered(direction)) {
        choose(direction, way);
        const lines = document.querySelectorAll("#flow-lines path").length;
        if (!lines || [period.value, direction.value].join() !== [when, way].join()) return -1;
        drawn += 1;
      }
    }
  }
  choose(series, "1");
  return drawn;
}"""
NAME = """figure => {
  const shown = figure.querySelector("[role=img]"), by = shown.getAttribute("aria-labelledby");
  return by ? document.getElementById(by).textContent : shown.getAttribute("aria-label");
}"""

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


@pytest.fixture(params=[390, 1440], ids=["phone", "desk"])
def opened(request: pytest.FixtureRequest, browser: Any, page: Path) -> Iterator[Any]:
    """The page at two widths, with everything it says and asks recorded on it."""
    tab = browser.new_page(viewport={"width": request.param, "height": 900})
    tab.said, tab.asked = [], []
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.on("request", lambda asked: tab.asked.append(asked.url))
    tab.goto(page.as_uri())
    yield tab
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SHOTS / f"report-{request.param}.png", full_page=True)
    tab.close()


def test_page_is_silent_and_asks_nobody(opened: Any, page: Path) -> None:
    """No message on the console, and no request but the page itself."""
    assert opened.said == []
    assert opened.asked == [page.as_uri()]


def test_charts_are_drawn(opened: Any) -> None:
    """Every figure holds one drawing that fits the screen, with marks in it, and a text for those who do not see it."""
    figures = [figure for figure in opened.query_selector_all("figure") if figure.is_visible()]

    assert len(figures) >= 2
    for figure in figures:
        drawn = [drawing for drawing in figure.query_selector_all("svg") if drawing.is_visible()]
        assert len(drawn) == 1
        assert drawn[0].query_selector("path, line, rect")
        assert drawn[0].bounding_box()["width"] <= opened.viewport_size["width"]
        assert figure.evaluate(NAME)
        assert figure.query_selector("details table")


def test_filter_search_and_sort_work(opened: Any) -> None:
    """The table of figures filters by verdict, searches in its text and sorts by a column."""
    everything = int(opened.inner_text("#shown"))
    opened.select_option("#filter", "inconsistent")
    filtered = int(opened.inner_text("#shown"))
    opened.fill("#search", "F283")

    assert everything == 241
    assert 0 < filtered < everything
    assert int(opened.inner_text("#shown")) == len(opened.query_selector_all("#all tbody tr:not([hidden])")) > 0

    opened.fill("#search", "")
    opened.select_option("#filter", "")
    opened.click("#all th:nth-child(1) button")
    first = opened.inner_text("#all tbody tr:first-child td:first-child")
    opened.click("#all th:nth-child(1) button")
    last = opened.inner_text("#all tbody tr:first-child td:first-child")
    assert (first, last) == ("F001", "F283")


def test_language_switch_works(opened: Any) -> None:
    """Swedish and Norwegian replace English, and the page says which language it is in."""
    for code, title in (("sv", "Pendling mellan Sverige och Norge"), ("nb", "Pendling mellom Sverige og Norge")):
        opened.click(f"[data-to={code}]")
        assert opened.inner_text("h1") == title
        assert opened.evaluate("document.documentElement.lang") == code


def test_columns_sort_by_what_is_seen(opened: Any) -> None:
    """Intervals sort by their low end as a number, verdicts by the word of the language."""
    head = "#all thead th:nth-child({}) button"
    opened.click(head.format(5))
    assert opened.inner_text("#all tbody tr:first-child td:nth-child(5)").startswith("[0.")
    opened.click("[data-to=sv]")
    opened.click(head.format(6))
    assert opened.inner_text("#all tbody tr:first-child td:nth-child(6)") == "delvis förklarad"


def test_the_filter_follows_the_language(opened: Any) -> None:
    """A verdict to filter by is called what the table calls it, and filters in every language."""
    opened.click("[data-to=sv]")
    opened.select_option("#filter", label="oförenlig")

    assert opened.inner_text("#shown") == "9"


def test_the_sentence_to_quote_follows_the_language(opened: Any) -> None:
    """A Swede and a Norwegian may quote the verdict on the founding share as it stands."""
    for code, words in (("sv", "förutsätter basen"), ("nb", "forutsetter basen"), ("en", "implies a base of")):
        opened.click(f"[data-to={code}]")
        assert words in opened.inner_text("#founding ~ .card blockquote >> nth=-1")


def test_charts_speak_the_language_of_the_page(opened: Any) -> None:
    """Axis, legend, table heads and the text alternative of a chart follow the language."""
    for code, axis, legend, words in (
        ("sv", "Antal", "rest", "Ett vattenfall"),
        ("nb", "Antall", "rest", "Et fossefall"),
        ("en", "Number", "residual", "A waterfall"),
    ):
        opened.click(f"[data-to={code}]")
        figure = opened.locator("section[aria-labelledby=bridge] figure:visible")
        texts = figure.locator("svg:visible text").all_text_contents()
        assert {axis, legend} <= set(texts)
        assert figure.locator("[role=img]").get_attribute("aria-label").startswith(words)


def test_flows_are_chosen_by_keyboard(opened: Any) -> None:
    """Definition, period and direction are chosen without a mouse; map, table and words follow."""
    before = opened.inner_text("#flow-words")
    opened.focus("#flow-series")
    opened.keyboard.press("End")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.id") == "flow-period"
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.id") == "flow-direction"

    assert opened.inner_text("#flow-words") != before
    assert opened.inner_text("#flow-period option:checked", timeout=1000) in opened.inner_text("#flow-words")
    lines = opened.locator("#flow-lines path").count()
    assert lines == opened.locator("#flow-table tbody tr").count() > 0


def test_every_choice_of_flows_can_be_drawn(opened: Any) -> None:
    """Whatever is offered has lines, in every language."""
    assert opened.evaluate(ALL_CHOICES) > 5

    for code, words in (("sv", "Från Sverige till Norge"), ("nb", "Fra Sverige til Norge"), ("en", "From Sweden to")):
        opened.click(f"[data-to={code}]")
        assert words in " ".join(opened.locator("#flow-direction option").all_text_contents())
        assert opened.inner_text("#flow-words")


def test_page_fits_its_width(opened: Any) -> None:
    """Nothing pushes the page wider than the screen; wide tables scroll by themselves."""
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_paper_is_white_and_holds_the_charts(opened: Any) -> None:
    """In print a dark page is black on white, without its buttons and boxes, and every section is there."""
    opened.emulate_media(color_scheme="dark", media="print")

    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not opened.is_visible(".languages")
    assert not opened.is_visible("#flow-tools")
    assert opened.locator("figure:visible svg:visible").count() >= 3


def test_everything_can_be_reached_by_keyboard(opened: Any) -> None:
    """The tab key reaches the language buttons, the choices of the map, the search field and the column heads."""
    reached = set()
    for _ in range(80):
        opened.keyboard.press("Tab")
        reached.add(opened.evaluate("document.activeElement.id || document.activeElement.tagName"))

    assert {"BUTTON", "SUMMARY", "flow-series", "flow-period", "flow-direction", "search", "filter"} <= reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_accessibility_finding(opened: Any, scheme: str) -> None:
    """axe-core finds nothing serious, in light and in dark, with every table open."""
    opened.emulate_media(color_scheme=scheme)
    opened.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    found = axe.Axe().run(opened).response["violations"]

    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
