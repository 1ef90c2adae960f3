/** The parts of a browser that a consent page without scripts needs. */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

export interface Submission {
  /** The text of the button to press. */
  readonly button: string;
  /** Field name → text to type. Other fields keep their values. */
  readonly typed?: Readonly<Record<string, string>>;
}

export async function openPage(url: string): Promise<Page> {
  return pageOf(url, await fetch(url, { redirect: "manual" }));
}

/** Presses a button of the page's form. Does not follow redirects. */
export async function submit(page: Page, { button, typed = {} }: Submission): Promise<Page> {
  const form = /<form ([^>]*)>(.*)<\/form>/s.exec(page.html);
  if (!form) throw new Error(`There is no form on ${page.url}: ${page.html}`);
  const fields = new URLSearchParams();
  for (const attributes of tagsOf(form[2]!, "input")) fields.set(attributes.name!, attributes.value ?? "");
  for (const [name, value] of Object.entries(typed)) {
    if (!fields.has(name)) throw new Error(`There is no field ${name} on ${page.url}.`);
    fields.set(name, value);
  }
  const pressed = [...form[2]!.matchAll(/<button ([^>]*)>([^<]*)<\/button>/g)].find(([, , text]) => text === button);
  if (!pressed) throw new Error(`There is no button ${button} on ${page.url}.`);
  const { name, value } = attributesOf(pressed[1]!);
  fields.set(name!, value!);
  const { action, method } = attributesOf(form[1]!);
  const url = new URL(action!, page.url).href;
  return pageOf(url, await fetch(url, { method: method!, body: fields, redirect: "manual" }));
}

/** The target of a redirect. */
export function locationOf({ status, headers, html }: Page): URL {
  if (status !== 302) throw new Error(`No redirect but ${status}: ${html}`);
  return new URL(headers.get("location")!);
}

export function textOf({ html }: Page): string {
  return unescape(html.replace(/<style>.*<\/style>/s, "").replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");
}

/** The attributes of every tag of that name. */
export function tagsOf(html: string, tag: string): Record<string, string>[] {
  return [...html.matchAll(new RegExp(`<${tag}(?: ([^>]*))?>`, "g"))].map(([, text = ""]) => attributesOf(text));
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value = ""] of text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)) attributes[name!] = unescape(value);
  return attributes;
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

async function pageOf(url: string, response: Response): Promise<Page> {
  return { url, status: response.status, headers: response.headers, html: await response.text() };
}
