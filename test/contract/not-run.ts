/** The name of a group of skipped cases begins with it, and continues with the reason. */
export const NOT_RUN = "not run: ";
