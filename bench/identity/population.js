/**
 * Seeded people with records at several CRMs, as address books have them. What tells people apart is known here alone:
 * `person` of each record.
 */

const FIRST =
  "Ann Robert Elizabeth William Katherine Jürgen Zoë Mohammed Yuki José Ingrid Kwame Priya Étienne Grace".split(" ");
const LAST =
  "Müller O'Brien Nguyen Åström Kowalski Tanaka Okafor Weiß Novák Li Fitzgerald Ünal Dubois Hansen Smith".split(" ");
const NICKNAMES = { Robert: "Bob", Elizabeth: "Liz", William: "Bill", Katherine: "Kate", José: "Pepe" };
const ROLES = ["info", "sales", "office", "support", "kontakt"];

/** Shares of people and of records. */
const [SEVERAL_ADDRESSES, JOB_CHANGES, NICKNAMED, TYPOS, WITH_ROLE] = [0.35, 0.15, 0.3, 0.04, 0.1];
/** Of people, those who share a mailbox with another one of their family: what no rule can tell apart. */
const COUPLES = 0.01;

/**
 * @returns {{ person: number, slug: string, firstName: string, lastName: string, emails: string[], phone: string }[]}
 */
export function population(random, { people, slugs }) {
  const companies = Array.from({ length: Math.ceil(people / 6) }, (_, index) => ({
    domain: `company${index}.example`,
    switchboard: `+1 617 555 ${String(1000 + index)}`,
  }));
  const records = [];
  let family = null;
  for (let person = 0; person < people; person += 1) {
    const [firstName, lastName] = [random.pick(FIRST), random.pick(LAST)];
    const company = random.pick(companies);
    const mailbox = `${ascii(firstName)}.${ascii(lastName)}.${person}`;
    const addresses = [`${mailbox}@${company.domain}`];
    if (random.chance(SEVERAL_ADDRESSES)) addresses.push(`${mailbox}@home.example`);
    if (random.chance(JOB_CHANGES)) addresses.push(`${mailbox}@${random.pick(companies).domain}`);
    if (family) addresses.push(family);
    family = family === null && random.chance(COUPLES) ? `family.${mailbox}@home.example` : null;
    if (family) addresses.push(family);
    for (const slug of random.some(slugs, 0.35)) {
      const own = random.some(addresses, 0.6);
      const emails = (own.length > 0 ? own : [addresses[0]]).map((address) => written(random, address));
      if (random.chance(WITH_ROLE)) emails.push(`${random.pick(ROLES)}@${company.domain}`);
      const given = NICKNAMES[firstName] !== undefined && random.chance(NICKNAMED) ? NICKNAMES[firstName] : firstName;
      records.push({ person, slug, firstName: given, lastName, emails, phone: company.switchboard });
    }
  }
  // A tablet at a reception: visitors are entered with its address.
  for (const slug of slugs) {
    records.push({
      person: people + records.length,
      slug,
      firstName: "Visitor",
      lastName: `of ${slug}`,
      emails: ["lobby.tablet@company0.example"],
      phone: companies[0].switchboard,
    });
  }
  return records;
}

/** An address as somebody types it: in other case, or with a slip. */
function written(random, address) {
  if (random.chance(TYPOS)) {
    const at = random.int(1, address.indexOf("@") - 1);
    return address.slice(0, at) + address.slice(at + 1);
  }
  return random.chance(0.2) ? address.toUpperCase() : address;
}

function ascii(name) {
  return name
    .normalize("NFKD")
    .replace(/[^a-z]/gi, "")
    .toLowerCase();
}

/**
 * Precision and recall over all pairs of records.
 * @param groups the records' ids, in the groups that were found
 * @param personOf the person of a record, by its id; undefined for records of others
 */
export function pairFigures(groups, personOf) {
  const known = groups.map((group) => group.filter((id) => personOf.has(id)));
  const pairs = (count) => (count * (count - 1)) / 2;
  let [found, right] = [0, 0];
  for (const group of known) {
    found += pairs(group.length);
    for (const [, own] of Map.groupBy(group, (id) => personOf.get(id))) right += pairs(own.length);
  }
  let real = 0;
  for (const [, own] of Map.groupBy([...personOf.keys()], (id) => personOf.get(id))) real += pairs(own.length);
  return { precision: found === 0 ? 1 : right / found, recall: real === 0 ? 1 : right / real, found, real };
}
