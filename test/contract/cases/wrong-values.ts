/** Values that no field of the type can hold. CRMs turn them into another value, or store nothing. */
export const WRONG_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  NUMBER: ["much", { amount: 1 }, [1, 2]],
  BOOLEAN: ["yes", 2, {}],
  DATE: ["soon", 20_261_130, "2026-13-45"],
  DATE_TIME: ["tomorrow", {}],
};
