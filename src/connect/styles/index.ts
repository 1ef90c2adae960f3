import { PAGE } from "./page.js";
import { PARTS } from "./parts.js";
import { THEME } from "./theme.js";

export const STYLESHEET = [THEME, PAGE, PARTS].join("");
