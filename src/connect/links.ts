/** The addresses of the pages, in one place. A session has a path of its own, to which its cookie is bound. */
export const CALLBACK_PATH = "/connect/callback";

export const linksOf = (sid: string) => {
  const home = `/connect/${sid}`;
  const ofProvider = (slug: string) => `${home}/${encodeURIComponent(slug)}`;
  return {
    home,
    provider: ofProvider,
    /** @param answer to what the provider's OAuth asks first */
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

export type Links = ReturnType<typeof linksOf>;

/** Adds parameters and leaves those that are there letter for letter. */
export function withQuery(address: string, parameters: Record<string, string>): string {
  const added = new URLSearchParams(parameters).toString();
  if (added === "") return address;
  return `${address}${address.includes("?") ? "&" : "?"}${added}`;
}
