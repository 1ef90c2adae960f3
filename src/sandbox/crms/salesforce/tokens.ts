import { TokenFormat } from "../../oauth/tokens.js";

export const SESSION_MS = 2 * 60 * 60 * 1000;

export const TOKENS = new TokenFormat({ prefix: "sf", staticPrefix: "00Dsandbox-" });
