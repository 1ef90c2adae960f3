import type { NativeRecord } from "../contract/field-map.js";

/** A view of a record that writes through, and can take back what was written through it. */
export function undoable(target: NativeRecord): { record: NativeRecord; undo(): void } {
  /** Name → the property before the first change; undefined if there was none. */
  const before = new Map<PropertyKey, PropertyDescriptor | undefined>();
  const note = (name: PropertyKey) => {
    if (!before.has(name)) before.set(name, Object.getOwnPropertyDescriptor(target, name));
  };
  return {
    record: new Proxy(target, {
      set(_target, name, value) {
        note(name);
        return Reflect.set(target, name, value);
      },
      deleteProperty(_target, name) {
        note(name);
        return Reflect.deleteProperty(target, name);
      },
    }),
    undo() {
      for (const [name, property] of before) {
        if (property) Object.defineProperty(target, name, property);
        else Reflect.deleteProperty(target, name);
      }
    },
  };
}
