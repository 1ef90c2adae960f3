import type { Cost } from "./request-limits.js";

/** Tokens that calls cost. Source: developers.pipedrive.com, "Cost" of each endpoint. */
const COSTS: Readonly<Record<string, number>> = {
  "GET /persons": 10,
  "GET /persons/:id": 1,
  "POST /persons": 5,
  "PATCH /persons/:id": 5,
  "DELETE /persons/:id": 3,
  "GET /persons/search": 20,
  "GET /activities": 10,
  "GET /activities/:id": 1,
  "POST /activities": 5,
  "PATCH /activities/:id": 5,
  "DELETE /activities/:id": 3,
  "GET /organizations": 10,
  "GET /organizations/:id": 1,
  "GET /leads": 20,
  "GET /leads/archived": 40,
  "GET /leads/:id": 2,
  "POST /leads": 10,
  "PATCH /leads/:id": 10,
  "DELETE /leads/:id": 6,
  "GET /leads/search": 20,
  "GET /leadLabels": 10,
  "GET /users": 20,
  "GET /users/me": 2,
  "GET /activityTypes": 20,
};
/** What an endpoint costs of which it is not known. */
const UNKNOWN_COST = 20;

/** @param route Path of the route, with its prefix. */
export function costOf(method: string, route: string): Cost {
  const path = route.replace(/^\/(api\/)?v\d/, "");
  return {
    tokens: COSTS[`${method} ${path}`] ?? UNKNOWN_COST,
    isSearch: path.endsWith("/search"),
    isWrite: method !== "GET",
  };
}
