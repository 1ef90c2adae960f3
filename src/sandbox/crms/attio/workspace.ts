import { randomUUID } from "node:crypto";
import { textOf } from "../../kit/json.js";
import { RecordTable, type RecordTableOptions } from "../../kit/record-table.js";
import { fixedUuid } from "../../kit/uuid.js";
import { objectTypes, type Attribute, type ObjectType } from "./attributes.js";
import { invalid } from "./errors.js";
import { stamp } from "./times.js";
import { writtenValues, type Referents, type StoredValue, type ValueBody } from "./values.js";

export interface Member {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  createdAt: string;
  accessLevel: "admin" | "member" | "suspended";
}

export interface StoredRecord {
  id: string;
  object: ObjectType;
  createdAt: string;
  /** Slug → values. They include some former values, because Attio shows those, too. */
  values: Readonly<Record<string, readonly StoredValue[]>>;
}

/** As Attio answers it. */
export interface Participant {
  status: "accepted" | "tentative" | "declined" | "pending";
  is_organizer: boolean;
  email_address: string | null;
}

/** As Attio answers it. */
export interface LinkedRecord {
  object_slug: string;
  object_id: string;
  record_id: string;
}

/** Times are milliseconds since the epoch. Those of an all-day meeting are UTC midnights. The end is exclusive. */
export interface Meeting {
  id: string;
  title: string;
  description: string;
  start: number;
  end: number;
  isAllDay: boolean;
  timeZone: string | null;
  participants: readonly Participant[];
  links: readonly LinkedRecord[];
  createdAt: string;
}

/** Whether written values of a multi-select attribute are added before its stored values, or replace these. */
export type WriteMode = "PREPEND" | "OVERWRITE";

/** The data of one account. */
export class Workspace implements Referents {
  readonly workspaceId: string;
  readonly objects: readonly ObjectType[];
  readonly members: Member[] = [];
  readonly meetings: RecordTable<Meeting>;
  /** External reference → id of the meeting that was created with it. */
  readonly meetingRefs = new Map<string, string>();
  readonly #records: ReadonlyMap<string, RecordTable<StoredRecord>>;
  /** Number of writes so far. It distinguishes records of the same millisecond. */
  #written = 0;

  constructor(
    readonly name: string,
    private readonly options: RecordTableOptions,
  ) {
    this.workspaceId = fixedUuid("workspace", name);
    this.objects = objectTypes(this.workspaceId);
    this.#records = new Map(this.objects.map(({ slug }) => [slug, new RecordTable<StoredRecord>(options)]));
    this.meetings = new RecordTable(options);
  }

  object(slugOrId: string): ObjectType | null {
    return this.objects.find(({ slug, id }) => slug === slugOrId || id === slugOrId) ?? null;
  }

  table({ slug }: ObjectType): RecordTable<StoredRecord> {
    return this.#records.get(slug)!;
  }

  hasRecord(object: ObjectType, id: string): boolean {
    return this.table(object).get(id) !== null;
  }

  findRecord(object: ObjectType, slug: string, text: string): string | null {
    const wanted = text.toLowerCase();
    const found = this.table(object)
      .all()
      .find(({ values }) => (values[slug] ?? []).some((value) => isCurrent(value) && uniqueKey(value.body) === wanted));
    return found?.id ?? null;
  }

  nextStamp(): string {
    this.#written += 1;
    return stamp(this.options.now(), this.#written % 1_000_000);
  }

  /** @throws AttioError */
  create(object: ObjectType, written: Readonly<Record<string, unknown>>): StoredRecord {
    const createdAt = this.nextStamp();
    const id = randomUUID();
    const record = { id, object, createdAt, values: systemValues(this, id, createdAt) };
    return this.#store(record, written, "OVERWRITE", createdAt);
  }

  /** @throws AttioError */
  write(record: StoredRecord, written: Readonly<Record<string, unknown>>, mode: WriteMode): StoredRecord {
    return this.#store(record, written, mode, this.nextStamp());
  }

  #store(record: StoredRecord, written: Readonly<Record<string, unknown>>, mode: WriteMode, at: string): StoredRecord {
    const values: Record<string, readonly StoredValue[]> = { ...record.values };
    for (const [name, given] of Object.entries(written)) {
      const attribute = attributeOf(record.object, name);
      const bodies = writtenValues(attribute, given, this, record.object);
      if (attribute.isUnique) this.#assertUnique(record, attribute, bodies);
      const kept = mode === "PREPEND" && attribute.isMultiselect ? (values[attribute.slug] ?? []) : [];
      values[attribute.slug] = withoutDoubles([
        ...bodies.map((body) => ({ activeFrom: at, activeUntil: null, body })),
        ...kept.filter(isCurrent),
      ]);
    }
    const stored = { ...record, values };
    this.table(record.object).set(record.id, stored);
    return stored;
  }

  #assertUnique(record: StoredRecord, attribute: Attribute, bodies: readonly ValueBody[]): void {
    for (const body of bodies) {
      const taken = this.findRecord(record.object, attribute.slug, uniqueKey(body));
      if (taken === null || taken === record.id) continue;
      const value = JSON.stringify(attribute.type === "domain" ? { domain: body["domain"] } : shownEmail(body));
      throw invalid(
        "uniqueness_conflict",
        `The value "${value}" provided for attribute with ID "${attribute.id}" conflicts with one already in the system. This attribute has a uniqueness constraint.`,
      );
    }
  }
}

export function isCurrent({ activeUntil }: StoredValue): boolean {
  return activeUntil === null;
}

/** @throws AttioError if the object has no such attribute */
export function attributeOf({ attributes }: ObjectType, slugOrId: string): Attribute {
  const found = attributes.find(({ slug, id, isArchived }) => !isArchived && (slug === slugOrId || id === slugOrId));
  if (found) return found;
  throw invalid("value_not_found", `Cannot find attribute with slug/ID "${slugOrId}".`);
}

export function systemValues(
  workspace: Pick<Workspace, "members">,
  id: string,
  createdAt: string,
): Record<string, readonly StoredValue[]> {
  const value = (body: ValueBody): StoredValue[] => [{ activeFrom: createdAt, activeUntil: null, body }];
  return {
    record_id: value({ value: id }),
    created_at: value({ value: createdAt }),
    created_by: value({
      referenced_actor_type: "workspace-member",
      referenced_actor_id: workspace.members[0]?.id ?? null,
    }),
  };
}

const views = new WeakMap<StoredRecord, object>();

/** Shows a record as the API does, with every attribute. Attributes without a value are empty. */
export function recordView(workspace: Workspace, record: StoredRecord): object {
  const view = views.get(record) ?? makeView(workspace, record);
  views.set(record, view);
  return view;
}

function makeView(workspace: Workspace, { id, object, createdAt, values }: StoredRecord): object {
  const actor = { type: "workspace-member", id: workspace.members[0]?.id };
  return {
    id: { workspace_id: workspace.workspaceId, object_id: object.id, record_id: id },
    created_at: createdAt,
    web_url: `https://app.attio.com/${workspace.name}/${object.singular.toLowerCase()}/${id}/overview`,
    values: Object.fromEntries(
      object.attributes
        .filter(({ isArchived }) => !isArchived)
        .map(({ slug, type }) => [
          slug,
          (values[slug] ?? []).map(({ activeFrom, activeUntil, body }) => ({
            active_from: activeFrom,
            active_until: activeUntil,
            created_by_actor: actor,
            ...body,
            attribute_type: type,
          })),
        ]),
    ),
  };
}

function uniqueKey(body: ValueBody): string {
  return textOf(body["email_address"] ?? body["domain"] ?? body["value"] ?? "").toLowerCase();
}

function shownEmail(body: ValueBody): ValueBody {
  return { email_address: body["original_email_address"] };
}

function withoutDoubles(values: readonly StoredValue[]): StoredValue[] {
  const seen = new Set<string>();
  return values.filter(({ body }) => {
    const { email_address: email, phone_number: phone } = body;
    const key = JSON.stringify(email ?? phone ?? body);
    return !seen.has(key) && seen.add(key);
  });
}
