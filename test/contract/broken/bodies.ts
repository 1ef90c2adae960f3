import type { WireAnswer } from "../stage/recording-proxy.js";

const JSON_TYPE = { "content-type": "application/json" };
const HTML = "<!doctype html><html><body><h1>Welcome</h1></body></html>";

function json(status: number, text: string): WireAnswer {
  return { status, headers: JSON_TYPE, text };
}

/** Answers that no CRM documents for any call, in place of a good one. Name → the answer. */
export function brokenBodies(good: WireAnswer): Record<string, WireAnswer> {
  const bodies: Record<string, WireAnswer> = {
    "200 and {}": json(200, "{}"),
    "200 and null": json(200, "null"),
    "200 and []": json(200, "[]"),
    "200 and false": json(200, "false"),
    "200 and no body": json(200, ""),
    "200 and HTML": { status: 200, headers: { "content-type": "text/html" }, text: HTML },
    "201 and {}": json(201, "{}"),
    "202 and {}": json(202, "{}"),
    "202 and the good body": { ...good, status: 202 },
    "204": { status: 204, headers: {}, text: "" },
  };
  // A refusal stays one.
  if (good.text.length > 1 && good.status < 400)
    bodies["the first half of the body"] = { ...good, text: half(good.text) };
  return Object.fromEntries(Object.entries(bodies).filter(([, answer]) => !isSame(answer, good)));
}

function isSame(one: WireAnswer, other: WireAnswer): boolean {
  return one.status === other.status && one.text === other.text;
}

export function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}
