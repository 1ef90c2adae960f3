/** Resolves when a method is called the next time; the call then goes on as ever. */
export function nextCall<Target extends object>(target: Target, name: keyof Target & string): Promise<void> {
  const method = target[name] as (...args: unknown[]) => unknown;
  return new Promise((resolve) => {
    Object.assign(target, {
      [name]: (...args: unknown[]) => {
        // What was put in front of the class's own method goes away again.
        delete (target as Partial<Target>)[name];
        resolve();
        return method.apply(target, args);
      },
    });
  });
}
