/** The paths of the pages. Each session has its own path, which its cookie is bound to. */
export const CALLBACK_PATH = "/connect/callback";

export const pathsOf = (sid: string) => {
  const home = `/connect/${sid}`;
  const ofProvider = (slug: string) => `${home}/${encodeURIComponent(slug)}`;
  return {
    home,
    provider: ofProvider,
    /** @param answer to the provider's question before the consent page */
    authorize: (slug: string, server?: string, answer?: string) =>
      withQuery(`${ofProvider(slug)}/authorize`, {
        ...(server === undefined ? {} : { server }),
        ...(answer === undefined ? {} : { answer }),
      }),
    disconnect: (slug: string) => `${ofProvider(slug)}/disconnect`,
    done: (slug: string) => `${home}/done/${encodeURIComponent(slug)}`,
    cancel: `${home}/cancel`,
  };
};

export type PagePaths = ReturnType<typeof pathsOf>;

/** Adds parameters to a query, and leaves the existing ones exactly as they are. */
export function withQuery(address: string, parameters: Record<string, string>): string {
  const added = new URLSearchParams(parameters).toString();
  if (added === "") return address;
  return `${address}${address.includes("?") ? "&" : "?"}${added}`;
}
