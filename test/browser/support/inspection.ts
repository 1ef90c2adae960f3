import { join } from "node:path";
import type { Page } from "playwright-core";

const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } } as const;
/** A folder for pictures of every page that is looked at; none are taken without it. */
const PICTURES = process.env["CRMESH_SCREENSHOTS"];
/** WCAG 2.2, 1.4.3 and 2.5.8. */
const CONTRAST = 4.5;
const TARGET_PX = 24;

/**
 * What is wrong with a page for those who see little, see nothing, or hold it in one hand: at phone and desktop width, in
 * light and dark. Empty where nothing is.
 */
export async function flaws(page: Page, name: string): Promise<string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const where = `${name}, ${size}, ${colorScheme}`;
      for (const flaw of await page.evaluate(inspect, { contrast: CONTRAST, target: TARGET_PX })) {
        found.push(`${where}: ${flaw}`);
      }
      for (const flaw of await unseenFocus(page)) found.push(`${where}: ${flaw}`);
      if (PICTURES)
        await page.screenshot({ path: join(PICTURES, `${name}-${size}-${colorScheme}.png`), fullPage: true });
    }
  }
  if (before) await page.setViewportSize(before);
  return found;
}

/** What the keyboard reaches without anyone seeing it. */
async function unseenFocus(page: Page): Promise<string[]> {
  const found: string[] = [];
  const reachable = await page.locator("a[href], button, input:not([type=hidden])").count();
  for (let step = 0; step < reachable; step += 1) {
    await page.keyboard.press("Tab");
    const unseen = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return outlineStyle === "none" || outlineWidth === "0px" ? focused.innerText || focused.id : null;
    });
    if (unseen !== null) found.push(`focus cannot be seen: ${unseen}`);
  }
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  return found;
}

/** Runs in the page. */
function inspect(bounds: { contrast: number; target: number }): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (!root.lang) found.push("no language");
  if (!document.title) found.push("no title");
  if (document.querySelectorAll("h1").length !== 1) found.push("not exactly one h1");
  if (!document.querySelector("main")) found.push("no main landmark");
  if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth - root.clientWidth} px to scroll sideways`);

  for (const field of document.querySelectorAll<HTMLInputElement>("input:not([type=hidden])")) {
    if (!field.labels?.length) found.push(`no label: ${field.name}`);
    for (const id of field.getAttribute("aria-describedby")?.split(" ") ?? []) {
      if (!document.getElementById(id)) found.push(`described by nothing: ${field.name}`);
    }
  }
  for (const element of document.querySelectorAll<HTMLElement>("a, button, input:not([type=hidden])")) {
    const { width, height } = element.getBoundingClientRect();
    if (height < bounds.target || width < bounds.target) found.push(`hard to hit: ${element.innerText}`);
  }

  type Colour = [red: number, green: number, blue: number, alpha: number];
  // The colours are read from the text of the computed style: a canvas that converts them reads back zeros now and then.
  const colourOf = (css: string): Colour => {
    const parts = /^rgba?\(([\d., ]+)\)$/.exec(css)?.[1]?.split(",").map(Number);
    if (!parts) throw new Error(`The inspection does not know the notation of the colour ${css}`);
    const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
    return [red, green, blue, alpha];
  };
  const luminance = ([red, green, blue]: Colour) => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element: Element | null): Colour | undefined => {
    for (let one = element; one; one = one.parentElement) {
      const colour = colourOf(getComputedStyle(one).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return undefined;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement!;
    const text = texts.currentNode.textContent?.trim();
    const isSeen = element.checkVisibility() && element.getBoundingClientRect().width > 1;
    if (!text || !isSeen || element.closest("[aria-hidden=true], script, style")) continue;
    const background = backgroundOf(element);
    if (!background) {
      found.push(`no background of its own: ${text.slice(0, 40)}`);
      continue;
    }
    const pair = [luminance(colourOf(getComputedStyle(element).color)), luminance(background)];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < bounds.contrast) found.push(`contrast ${contrast.toFixed(1)}: ${text.slice(0, 40)}`);
  }
  return found;
}
