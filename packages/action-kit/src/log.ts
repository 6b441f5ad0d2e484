/** A place in the user's repository that an annotation points at. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly title?: string;
}

export interface Log {
  readonly info: (message: string) => void;
  readonly debug: (message: string) => void;
  readonly notice: (message: string, place?: Place) => void;
  readonly warning: (message: string, place?: Place) => void;
  readonly error: (message: string, place?: Place) => void;
  /** Folds what is logged inside under `name`; the group is closed whatever happens. */
  readonly group: <T>(name: string, inside: () => Promise<T>) => Promise<T>;
  /** Hides a value in everything that is printed from now on; each line of it on its own as well. */
  readonly mask: (secret: string) => void;
}
