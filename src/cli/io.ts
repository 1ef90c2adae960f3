/** The input and output of a command line. */
export interface CommandIo {
  environment: NodeJS.ProcessEnv;
  /** Writes to standard output. */
  out: (text: string) => void;
  /** Writes to standard error. */
  err: (text: string) => void;
  /** Whether a person reads standard error on a terminal. */
  errIsTerminal?: boolean;
}
